export type { ClusterConnection, Connection } from "./transport/connection.ts";
export type { InMemory } from "./memory/in-memory-connection.ts";
export {
  DependencyError,
  ExpiredError,
  LeaseLostError,
  MalformedError,
  NoWorkersError,
  ResultLostError,
  StartTimeoutError,
  TooLargeError,
  UnreachableError,
} from "./queue-errors.ts";
export type { QueueMapOptions } from "./client/queue-map-options.ts";
export type { QueueOptions, QueueRunOptions, RetryOptions } from "./client/queue-run-options.ts";
export type { QueueJob, QueueJobState, ResultOptions } from "./client/queue-job.ts";
export { redis, type QueueStreamOptions, type RedisOptions, type RedisQueue } from "./redis.ts";
export type {
  RepeatOptions,
  SendOptions,
  SentTask,
  SubmittedJob,
} from "./client/redis-executor.ts";
export type { Repeat } from "./client/repeat.ts";
export { serve, type ServedTasks, type ServeOptions, type TaskWorker } from "./serve.ts";
