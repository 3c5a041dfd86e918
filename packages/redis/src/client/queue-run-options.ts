import { InvalidOptionError, type RunOptions } from "@quintet/core";
import { duration, matching, type Rules, TaskRun, typed } from "@quintet/core/kit";
import { type Envelope, protocolVersion, type WireRetry } from "../transport/protocol.ts";

/** How a task that fails by itself is run again. */
export interface RetryOptions {
  /** How often it is run in all. */
  readonly attempts: number;
  /** Milliseconds before the second attempt. Default: 1,000. */
  readonly delay?: number | undefined;
  /** What each further delay is multiplied with. Default: 2. */
  readonly factor?: number | undefined;
  /** The longest delay in milliseconds. Default: 60,000. */
  readonly maxDelay?: number | undefined;
}

/** What a queue takes beside the common options. All durations are milliseconds. */
export interface QueueOptions {
  /** How long it waits before it may start. Instead of `at`. Default: 0. */
  readonly delay?: number | undefined;
  /** When it may start: a `Date`, or milliseconds since 1970. Instead of `delay`. */
  readonly at?: Date | number | undefined;
  /** How old it may be when it starts; after that nobody runs it, and it rejects with `EXPIRED`. Default: any age. */
  readonly expires?: number | undefined;
  /** How long the caller waits for its start; then it is taken back and rejects with `START_TIMEOUT`. Default: for ever. */
  readonly startTimeout?: number | undefined;
  /** How it is run again when it fails by itself. Default: not at all. */
  readonly retry?: RetryOptions | undefined;
  /**
   * How long the result of a task with an `id` is kept: a task that is sent under the same id meanwhile does not run, and
   * gets that result. Default: 900,000.
   */
  readonly resultTtl?: number | undefined;
  /**
   * Tasks that have to be completed before it may start, by their ids or handles. They were given an `id` of their own, were
   * sent to this queue before, and, where they have ended, their results are kept still. Where one fails, is cancelled or
   * unknown, it does not run, and rejects with `DEPENDENCY_FAILED`. Default: none.
   */
  readonly dependsOn?: readonly Dependency[] | undefined;
  /** Runs it as soon as those have ended in any way, or are unknown. Default: false. */
  readonly ignoreFailures?: boolean | undefined;
}

/** A task that another one waits for: its id, or what has one. */
export type Dependency = string | { readonly id: string };

/** Options of a queue's `run`, `submit` and `stream`. */
export interface QueueRunOptions extends RunOptions, QueueOptions {}

const isRetry = (value: unknown): boolean => {
  const { attempts, delay = 1, factor = 1, maxDelay = 1 } = Object(value) as Partial<RetryOptions>;
  return (
    Number.isSafeInteger(attempts) &&
    (attempts as number) >= 1 &&
    [delay, factor, maxDelay].every((part) => typeof part === "number" && part >= 0)
  );
};

const isDependencies = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (one: unknown) => typeof (typeof one === "string" ? one : Object(one).id) === "string",
  );

/** The rules for what a queue takes beside the common options. */
export const queueRules: Rules<QueueOptions> = {
  delay: duration(true),
  at: matching(
    "a valid Date or milliseconds since 1970",
    (value) =>
      (value instanceof Date || typeof value === "number") &&
      !Number.isNaN(new Date(value).getTime()),
  ),
  expires: duration(true),
  startTimeout: duration(),
  resultTtl: duration(),
  dependsOn: matching("an array of ids, or of jobs that have one", isDependencies),
  ignoreFailures: typed("boolean"),
  retry: matching("{ attempts, delay, factor, maxDelay } with numbers", isRetry),
};

/** What a job says of a task beside its input and its client, and milliseconds before it may start. `now` is a date. */
export function sendingTerms(
  task: string,
  options: QueueRunOptions,
  now: number,
): { readonly terms: Omit<Envelope, "items" | "at" | "to">; readonly delay: number } {
  const { timeout, deadline, retries, expires, startTimeout, retry, ignoreFailures } = options;
  const after = dependencies(task, options);
  const delay =
    options.at === undefined ? (options.delay ?? 0) : Math.max(Number(options.at) - now, 0);
  if (expires !== undefined && expires < delay) {
    throw new InvalidOptionError(`${task} would expire before its delay is over.`);
  }
  const terms = {
    v: protocolVersion,
    task,
    ...(finite(timeout) && { timeout: Number(timeout) }),
    ...(finite(deadline) && { deadline: Number(deadline) }),
    ...(finite(expires) && { expires: now + Number(expires) }),
    ...(finite(startTimeout) && { startBy: now + Number(startTimeout) }),
    // JSON has no Infinity.
    ...(retries !== undefined && { retries: Math.min(retries, Number.MAX_SAFE_INTEGER) }),
    ...(retry && { retry: wireRetry(retry) }),
    ...(after.length > 0 && { after, ...(ignoreFailures && { anyway: true }) }),
  };
  return { terms, delay };
}

function dependencies(task: string, { id, dependsOn = [] }: QueueRunOptions): string[] {
  const ids = dependsOn.map((one) => {
    if (typeof one === "string") return one;
    if (!(one instanceof TaskRun) || one.ownId !== undefined) return one.id;
    throw new InvalidOptionError(
      `dependsOn: ${one.taskId} was given no id, so nobody keeps how it ends; submit it with one.`,
    );
  });
  if (id === undefined || !ids.includes(id)) return [...new Set(ids)];
  throw new InvalidOptionError(`dependsOn: ${task} would wait for itself, ${JSON.stringify(id)}.`);
}

const finite = (value: Date | number | undefined): boolean =>
  value !== undefined && Number.isFinite(Number(value));

function wireRetry({
  attempts,
  delay = 1_000,
  factor = 2,
  maxDelay = 60_000,
}: RetryOptions): WireRetry {
  return { attempts, delay, factor, most: Math.min(maxDelay, 2 ** 40) };
}
