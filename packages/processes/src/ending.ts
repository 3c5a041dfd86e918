import { Report, type WorkerReport } from "@quintet/pool/wire";

type Ending = Extract<WorkerReport, readonly [unknown, number, number, ...unknown[]]>;

/** Whether a message tells how a run ended. */
export const isEnding = (report: WorkerReport): report is Ending =>
  typeof report === "object" &&
  (report[0] === Report.done || report[0] === Report.failed || report[0] === Report.cancelled);
