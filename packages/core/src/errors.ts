import type { QueueErrors } from "./queue-errors.ts";
import { marker, name, QuintetError } from "./quintet-error.ts";

/** The executor is closed, or was closed with `{ cancel: true }` while the task waited or ran. */
export class ClosedError extends QuintetError {
  readonly code = "CLOSED";
}
name(ClosedError, "ClosedError");

/** The queue holds `maxQueue` tasks already; `submit()` waits for room instead. Or a channel that does not wait is full. */
export class QueueFullError extends QuintetError {
  readonly code = "QUEUE_FULL";
}
name(QueueFullError, "QueueFullError");

/** The task ran longer than its `timeout`, or was not done by its `deadline`; or a policy's time was up. */
export class TimeoutError extends QuintetError {
  readonly code = "TIMEOUT";
}
name(TimeoutError, "TimeoutError");

/** What is known of a worker's end. */
export interface WorkerLoss {
  /** The id of the task that was running. */
  readonly task: string;
  /** `"thread 3"` or `"process 4711"`. */
  readonly worker: string;
  /** The exit code, where there was one. */
  readonly exitCode?: number | undefined;
  /** The signal that ended a process. */
  readonly signal?: string | undefined;
  /** The last lines the worker wrote to stderr. */
  readonly stderr?: string | undefined;
}

/** The worker ended while it ran this task: it crashed, exited, ran out of memory or was killed. */
export class WorkerLostError extends QuintetError implements WorkerLoss {
  readonly code = "WORKER_LOST";
  readonly task: string;
  readonly worker: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string | undefined;

  constructor(message: string, loss: WorkerLoss, options?: ErrorOptions) {
    super(message, options);
    this.task = loss.task;
    this.worker = loss.worker;
    this.exitCode = loss.exitCode;
    this.signal = loss.signal;
    this.stderr = loss.stderr;
  }
}
name(WorkerLostError, "WorkerLostError");

/** Workers ended again and again before they were up; `cause` says why the last one did. */
export class WorkerStartError extends QuintetError {
  readonly code = "WORKER_START_FAILED";
}
name(WorkerStartError, "WorkerStartError");

/** The task's module was loaded and has no task of this id, or no function under this name. */
export class TaskNotFoundError extends QuintetError {
  readonly code = "TASK_NOT_FOUND";
}
name(TaskNotFoundError, "TaskNotFoundError");

/** The task's module could not be loaded; `cause` is what its import threw. */
export class TaskLoadError extends QuintetError {
  readonly code = "TASK_LOAD_FAILED";
}
name(TaskLoadError, "TaskLoadError");

/** A value cannot travel to or from the worker; `path` names the guilty property. */
export class NotCloneableError extends QuintetError {
  readonly code = "NOT_CLONEABLE";
  /** For example `input.options.onDone`. */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}
name(NotCloneableError, "NotCloneableError");

/** The executor's traits do not include what was asked of it. */
export class NotSupportedError extends QuintetError {
  readonly code = "NOT_SUPPORTED";
}
name(NotSupportedError, "NotSupportedError");

/** An option or argument has the wrong type or range, or a name that does not exist. */
export class InvalidOptionError extends QuintetError {
  readonly code = "INVALID_OPTION";
}
name(InvalidOptionError, "InvalidOptionError");

/** The results of a `map` were iterated a second time; they can be read once. */
export class ResultsConsumedError extends QuintetError {
  readonly code = "RESULTS_CONSUMED";
}
name(ResultsConsumedError, "ResultsConsumedError");

/** A module that a worker loads for its tasks starts work of its own while it is loaded. */
export class NestedExecutorError extends QuintetError {
  readonly code = "NESTED_EXECUTOR";
}
name(NestedExecutorError, "NestedExecutorError");

/** The channel is closed and takes nothing more; `cause` is the error it was closed with, if any. */
export class ChannelClosedError extends QuintetError {
  readonly code = "CHANNEL_CLOSED";
}
name(ChannelClosedError, "ChannelClosedError");

/** A receiver of a broadcast was too slow: so many values were overwritten before it took them. It goes on with the oldest that is left. */
export class LaggedError extends QuintetError {
  readonly code = "LAGGED";
  /** How many values this receiver has missed. */
  readonly missed: number;

  constructor(message: string, missed: number, options?: ErrorOptions) {
    super(message, options);
    this.missed = missed;
  }
}
name(LaggedError, "LaggedError");

/** Tasks of a group were aborted and had not ended `grace` milliseconds later; `cause` says why they were aborted. */
export class TasksLeakedError extends QuintetError {
  readonly code = "TASKS_LEAKED";
  /** The names of the tasks; of one in a group within, `inner > task`. */
  readonly tasks: readonly string[];

  constructor(message: string, tasks: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.tasks = tasks;
  }
}
name(TasksLeakedError, "TasksLeakedError");

/** Somebody a barrier waited for gave up, or the barrier was aborted; `cause` says why. */
export class BrokenBarrierError extends QuintetError {
  readonly code = "BROKEN_BARRIER";
}
name(BrokenBarrierError, "BrokenBarrierError");

/** When it may be worth while to try again. */
export interface RetryAfter {
  /** In milliseconds from when the error was made. */
  readonly retryAfter: number;
}

abstract class RetryLaterError extends QuintetError implements RetryAfter {
  readonly retryAfter: number;

  constructor(message: string, { retryAfter }: RetryAfter, options?: ErrorOptions) {
    super(message, options);
    this.retryAfter = retryAfter;
  }
}

/** A circuit breaker lets no call through, because too many have failed; `cause` is the last of those failures. */
export class CircuitOpenError extends RetryLaterError {
  readonly code = "CIRCUIT_OPEN";
}
name(CircuitOpenError, "CircuitOpenError");

/** A rate limit would have this call wait longer than it may. */
export class RateLimitedError extends RetryLaterError {
  readonly code = "RATE_LIMITED";
}
name(RateLimitedError, "RateLimitedError");

/** An overlap policy has dropped this call, because another one ran or has come since. */
export class DroppedError extends QuintetError {
  readonly code = "DROPPED";
}
name(DroppedError, "DroppedError");

/** Every error Quintet throws, by its `code`. */
export interface QuintetErrors extends QueueErrors {
  CLOSED: ClosedError;
  QUEUE_FULL: QueueFullError;
  TIMEOUT: TimeoutError;
  WORKER_LOST: WorkerLostError;
  WORKER_START_FAILED: WorkerStartError;
  TASK_NOT_FOUND: TaskNotFoundError;
  TASK_LOAD_FAILED: TaskLoadError;
  NOT_CLONEABLE: NotCloneableError;
  NOT_SUPPORTED: NotSupportedError;
  INVALID_OPTION: InvalidOptionError;
  RESULTS_CONSUMED: ResultsConsumedError;
  NESTED_EXECUTOR: NestedExecutorError;
  CHANNEL_CLOSED: ChannelClosedError;
  LAGGED: LaggedError;
  TASKS_LEAKED: TasksLeakedError;
  BROKEN_BARRIER: BrokenBarrierError;
  CIRCUIT_OPEN: CircuitOpenError;
  RATE_LIMITED: RateLimitedError;
  DROPPED: DroppedError;
}

/** The stable codes, one for each class. */
export type ErrorCode = keyof QuintetErrors;

/**
 * Tells whether a value is an error of Quintet's own, of any kind or of the one with the given code.
 * Works across copies of the package and for errors that came from a worker.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { isQuintetError } from "@quintet/core";
 *
 * const executor = eventLoop();
 * await executor.close();
 * const error = await executor.run(() => 1).catch((reason: unknown) => reason);
 * console.log(isQuintetError(error, "CLOSED")); // => true
 * ```
 */
export function isQuintetError<Code extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: Code,
): value is QuintetErrors[Code] {
  if (typeof value !== "object" || value === null || !(marker in value)) return false;
  return code === undefined || (value as { code?: unknown }).code === code;
}
