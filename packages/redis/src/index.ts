export type { ClusterConnection, Connection } from "./connection.ts";
export type { InMemory } from "./in-memory-connection.ts";
export {
  DependencyError,
  ExpiredError,
  MalformedError,
  NoWorkersError,
  ResultLostError,
  StartTimeoutError,
  TooLargeError,
  UnreachableError,
} from "./queue-errors.ts";
export type { QueueMapOptions } from "./queue-map-options.ts";
export type { QueueOptions, QueueRunOptions, RetryOptions } from "./queue-run-options.ts";
export type { QueueJob, QueueJobState, ResultOptions } from "./queue-job.ts";
export { redis, type QueueStreamOptions, type RedisOptions, type RedisQueue } from "./redis.ts";
export type { RepeatOptions, SendOptions, SentTask, SubmittedJob } from "./redis-executor.ts";
export type { Repeat } from "./repeat.ts";
export { serve, type ServedTasks, type ServeOptions, type TaskWorker } from "./serve.ts";
