import type { ThreadSubject } from "../../threads/thread-subject.ts";
import { bareFork } from "./bare-fork.ts";
import { jestWorker } from "./jest-worker.ts";
import { poolifierCluster } from "./poolifier.ts";
import { quintetProcesses } from "./quintet.ts";
import { tinypoolProcesses } from "./tinypool.ts";
import { workerpoolProcesses } from "./workerpool.ts";

/** Everybody with processes. */
export const processSubjects: readonly ThreadSubject[] = [
  quintetProcesses,
  workerpoolProcesses,
  tinypoolProcesses,
  poolifierCluster,
  jestWorker,
  bareFork,
];
