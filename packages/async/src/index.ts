export { events, type EventsOptions } from "./bridges/events.ts";
export { type Callback, fromCallback, type FromCallbackOptions } from "./bridges/from-callback.ts";
export { fromEvent, type FromEventOptions } from "./bridges/from-event.ts";
export { interval } from "./bridges/interval.ts";
export type { EventSourceLike } from "./bridges/listen.ts";
export { merge, type Source, type SourceItem } from "./bridges/merge.ts";
export { sleep, type SleepOptions } from "./bridges/sleep.ts";
export { type HandedOver, toExecutor } from "./bridges/to-executor.ts";
export type { Rate } from "./event-loop-engine.ts";
export { eventLoop, type EventLoopOptions } from "./event-loop.ts";
export { any } from "./structured/any.ts";
export { asCompleted } from "./structured/as-completed.ts";
export type { CallResult, CallsOptions } from "./structured/calls.ts";
export { gather, type GatherOptions } from "./structured/gather.ts";
export type {
  GroupCall,
  GroupContext,
  GroupTask,
  GroupTaskState,
  InspectedTask,
  SpawnOptions,
} from "./structured/group-task.ts";
export { race } from "./structured/race.ts";
export { shield, type ShieldOptions } from "./structured/shield.ts";
export { suppressed } from "./structured/suppressed.ts";
export {
  taskGroup,
  type TaskGroup,
  type TaskGroupOptions,
  type TaskGroupState,
} from "./structured/task-group.ts";
export { barrier, type Barrier } from "./primitives/barrier.ts";
export {
  condition,
  type Condition,
  type ConditionHold,
  type ConditionOptions,
} from "./primitives/condition.ts";
export { deferred, type Deferred } from "./primitives/deferred.ts";
export { event, type SettableEvent } from "./primitives/event.ts";
export { keyed, type Keyed } from "./primitives/keyed.ts";
export { latch, type Latch } from "./primitives/latch.ts";
export { lifoQueue } from "./primitives/lifo-queue.ts";
export type {
  LocalQueue,
  PriorityQueue,
  PutOptions,
  QueueOptions,
  ShutdownOptions,
} from "./primitives/local-queue.ts";
export { mutex, type Mutex } from "./primitives/mutex.ts";
export { once, type Once } from "./primitives/once.ts";
export type { PrimitiveOptions } from "@quintet/core/kit";
export { priorityQueue } from "./primitives/priority-queue.ts";
export { queue } from "./primitives/queue.ts";
export {
  rwLock,
  type RwLock,
  type RwLockSides,
  type WriteLock,
  type WritePermit,
} from "./primitives/rw-lock.ts";
export { type LocalSemaphore, semaphore } from "./primitives/semaphore.ts";
export type { WaitOptions } from "@quintet/core/kit";
export type { Wait, WaitReport } from "./primitives/wait-report.ts";
export {
  asTask,
  type WaitsWatched,
  watchWaits,
  type WatchWaitsOptions,
} from "./primitives/watch-waits.ts";
export { type Pending, wait, type Waited, type WaitForOptions } from "./structured/wait.ts";
export {
  attemptsOf,
  type BackoffOptions,
  bulkhead,
  type BulkheadOptions,
  type CircuitBreaker,
  circuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  type Dedupe,
  dedupe,
  type DedupeOptions,
  type FailedAttempt,
  type FailureRate,
  fallback,
  type FallbackOptions,
  hedge,
  type HedgeOptions,
  isRetriable,
  type Jitter,
  limit,
  type LimitOptions,
  overlap,
  type OverlapMode,
  type OverlapOptions,
  rateLimit,
  type RateLimitOptions,
  retry,
  type RetryAfterValue,
  type RetryBudget,
  retryBudget,
  type RetryBudgetOptions,
  type RetryOptions,
  timeout,
  type TimeoutOptions,
} from "./policies/index.ts";
