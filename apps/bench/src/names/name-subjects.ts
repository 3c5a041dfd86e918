import type { NameSubject } from "./name-subject.ts";
import { bareMessages } from "./subjects/bare-messages.ts";
import { quintetRedis, redisList, redisSemaphore } from "./subjects/over-redis.ts";
import { quintetEventLoop, quintetProcesses, quintetThreads } from "./subjects/quintet.ts";
import { webLocks } from "./subjects/web-locks.ts";

/** Those of one machine, ours first. */
export const nearSubjects: readonly NameSubject[] = [
  quintetThreads,
  quintetProcesses,
  quintetEventLoop,
  webLocks,
  bareMessages,
];

/** Those over Redis. */
export const redisSubjects: readonly NameSubject[] = [quintetRedis, redisSemaphore, redisList];

/** Everybody who takes part. */
export const nameSubjects: readonly NameSubject[] = [...nearSubjects, ...redisSubjects];
