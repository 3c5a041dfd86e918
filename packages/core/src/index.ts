export type { Channel, ChannelOptions, ChannelWaitOptions, Overflow } from "./channel.ts";
export { defineTasks, type Tasks, type TasksOptions } from "./define-tasks.ts";
export { registerError } from "./error-registry.ts";
export {
  ChannelClosedError,
  BrokenBarrierError,
  CircuitOpenError,
  ClosedError,
  DroppedError,
  type ErrorCode,
  InvalidOptionError,
  isQuintetError,
  LaggedError,
  NestedExecutorError,
  NotCloneableError,
  NotSupportedError,
  QueueFullError,
  type QuintetErrors,
  RateLimitedError,
  ResultsConsumedError,
  type RetryAfter,
  TaskLoadError,
  TaskNotFoundError,
  TasksLeakedError,
  TimeoutError,
  type WorkerLoss,
  WorkerLostError,
  WorkerStartError,
} from "./errors.ts";
export { type ErrorClass, QuintetError } from "./quintet-error.ts";
export type { QueueErrors } from "./queue-errors.ts";
export type { Executor, Inputs, LocalExecutor } from "./executor.ts";
export { inline } from "./inline.ts";
export type { Inspectable, Inspection, Party } from "./inspection.ts";
export type { Job, JobState } from "./job.ts";
export type { LiveTask } from "./live-task.ts";
export type { NamedChannel } from "./named-channel.ts";
export type { NamedPermit, NamedSemaphore } from "./named-semaphore.ts";
export type { Names } from "./names.ts";
export { onTrace, type TraceEvent, type TraceType } from "./kit/runs/trace.ts";
export { type ModuleTasks, moduleTasks } from "./module-tasks.ts";
export { isMoved, move, type Moved, type Unmoved } from "./moved.ts";
export { type Call, compose, type Operation, type Policy } from "./policy.ts";
export type { Outcome, Results } from "./results.ts";
export type {
  CloseOptions,
  MapOptions,
  MapProgress,
  RunOptions,
  StreamOptions,
  TaskOutput,
} from "./run-options.ts";
export { type Arm, notReady, type Parked, type Selectable } from "./selectable.ts";
export type { AcquireOptions, Permit, Semaphore } from "./semaphore.ts";
export type { Durations, Stats } from "./stats.ts";
export { type ContextStore, registerStore } from "./store-registry.ts";
export type { TaskContext } from "./task-context.ts";
export {
  type InputOf,
  isTask,
  type ItemOf,
  type OutputOf,
  type StreamTask,
  type Task,
  type TaskFunction,
  type TaskOf,
  type TaskOrigin,
} from "./task.ts";
export type { Traits } from "./traits.ts";
export { withPolicies } from "./with-policies.ts";
