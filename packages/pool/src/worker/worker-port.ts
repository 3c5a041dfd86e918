import type { Travels } from "@quintet/core/kit";
import type { WorkerOrder, WorkerReport } from "../codec/protocol.ts";

/** The worker's end of the transport. */
export interface WorkerPort {
  /** Throws when a value in it cannot travel, or one in `transfer` cannot move. */
  send(report: WorkerReport, transfer?: readonly object[]): void;
  /** Whether a value can be sent. Default: whether it survives structured clone. */
  readonly travels?: Travels;
  /** Takes the next message that has arrived, if there is one. Throws when it cannot be read. */
  take(): WorkerOrder | undefined;
  /** Calls back after the event loop has turned. */
  later(call: () => void): void;
  /** Ends this worker. */
  exit(): void;
  /** How many bytes this worker keeps; asked for at most every 100 ms. */
  memory(): number;
}
