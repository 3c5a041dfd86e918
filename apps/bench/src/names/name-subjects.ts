import type { NameSubject } from "./name-subject.ts";
import { bareMessages } from "./subjects/bare-messages.ts";
import { quintetRedis, redisList, redisSemaphore } from "./subjects/over-redis.ts";
import { quintetEventLoop, quintetProcesses, quintetThreads } from "./subjects/quintet.ts";
import { webLocks } from "./subjects/web-locks.ts";

/** Everybody who takes part, ours first. */
export const nameSubjects: readonly NameSubject[] = [
  quintetThreads,
  quintetProcesses,
  quintetEventLoop,
  webLocks,
  bareMessages,
  quintetRedis,
  redisSemaphore,
  redisList,
];
