import { QuintetError, registerError } from "@quintet/core";

/** Names a class, and what it makes, for good: errors travel by their names, which a bundler may make short. */
function named(constructor: { prototype: Error; name: string }, value: string): void {
  const property = { value, configurable: true, writable: true };
  Object.defineProperty(constructor.prototype, "name", property);
  Object.defineProperty(constructor, "name", { value, configurable: true });
  registerError(constructor);
}

/** The task had not started within its `startTimeout`. */
export class StartTimeoutError extends QuintetError {
  readonly code = "START_TIMEOUT";
}
named(StartTimeoutError, "StartTimeoutError");

/** The task had not started when it `expires`, or the result of a job was kept no longer. */
export class ExpiredError extends QuintetError {
  readonly code = "EXPIRED";
}
named(ExpiredError, "ExpiredError");

/** A task that this one `dependsOn` has failed or was cancelled, which `cause` is, or nothing is known of it. */
export class DependencyError extends QuintetError {
  readonly code = "DEPENDENCY_FAILED";
  /** The id of that task. */
  readonly dependency: string;

  constructor(message: string, dependency: string, options?: ErrorOptions) {
    super(message, options);
    this.dependency = dependency;
  }
}
named(DependencyError, "DependencyError");

/** Nobody serves the queue. */
export class NoWorkersError extends QuintetError {
  readonly code = "NO_WORKERS";
}
named(NoWorkersError, "NoWorkersError");

/** The job is gone from Redis, and its result never came: somebody removed it, or Redis lost what it had not saved. */
export class ResultLostError extends QuintetError {
  readonly code = "RESULT_LOST";
}
named(ResultLostError, "ResultLostError");

/** An input or a result is larger than the queue takes; Redis has not seen it. */
export class TooLargeError extends QuintetError {
  readonly code = "TOO_LARGE";
}
named(TooLargeError, "TooLargeError");

/** Redis cannot be reached, or refuses what is asked of it; `cause` says why. */
export class UnreachableError extends QuintetError {
  readonly code = "UNREACHABLE";
}
named(UnreachableError, "UnreachableError");

/** A permit is lost: its holder was not heard of for the time of its lease, so others may have it. */
export class LeaseLostError extends QuintetError {
  readonly code = "LEASE_LOST";
}
named(LeaseLostError, "LeaseLostError");

/** What came over the queue is damaged, hostile, or of a version that is not known here. */
export class MalformedError extends QuintetError {
  readonly code = "MALFORMED";
}
named(MalformedError, "MalformedError");
