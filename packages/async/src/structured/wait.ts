import { InvalidOptionError } from "@quintet/core";
import {
  type Clock,
  duration,
  isThenable,
  matching,
  onAbort,
  runRules,
  systemClock,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import { onSettled } from "./settlement-hub.ts";

/** A promise, or a handle with one: a `GroupTask`, or the `Job` of an executor. */
export type Pending = PromiseLike<unknown> | { readonly result: PromiseLike<unknown> };

/** Options of `wait`. */
export interface WaitForOptions {
  /** Return when one has settled, when one has failed or all have settled, or when all have. Default: `"all"`. */
  readonly until?: "first" | "first-error" | "all" | undefined;
  /** Longest wait in milliseconds; when it is over, `wait` gives what there is. Default: none. */
  readonly timeout?: number | undefined;
  /** Stops waiting; `wait` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** What `wait` was given, divided into what has settled and what has not; each in the order in which it was given. */
export interface Waited<Handle> {
  readonly done: Handle[];
  readonly pending: Handle[];
}

/**
 * Waits for work that runs anyway, and says what of it is done. It stops nothing, neither on a timeout nor when it is
 * aborted, and it rejects for no error of the work: look at each of `done`.
 *
 * *Cancellation*: rejects with `signal.reason` at once.
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: O(n). Nothing of a call stays behind at promises that have not settled, so it can be called in a loop.
 *
 * @example
 * ```ts
 * import { sleep, wait } from "@quintet/async";
 *
 * const quick = sleep(1);
 * const slow = sleep(50);
 * const { done, pending } = await wait([slow, quick], { until: "first" });
 * console.log(done[0] === quick, pending[0] === slow); // => true true
 * ```
 */
export async function wait<Handle extends Pending>(
  handles: readonly Handle[],
  options?: WaitForOptions,
): Promise<Waited<Handle>> {
  const checked = validateOptions<WaitForOptions>("wait()", options, rules);
  if (checked.signal?.aborted) throw checked.signal.reason;
  const promises = handles.map(promiseOf);
  const settled = await settledOf(new Set(promises), checked);
  const isDone = (_: Handle, index: number): boolean => settled.has(promises[index]!);
  return {
    done: handles.filter(isDone),
    pending: handles.filter((handle, index) => !isDone(handle, index)),
  };
}

async function settledOf(
  promises: ReadonlySet<PromiseLike<unknown>>,
  { until = "all", timeout = Infinity, signal, clock = systemClock }: WaitForOptions,
): Promise<ReadonlySet<PromiseLike<unknown>>> {
  const settled = new Set<PromiseLike<unknown>>();
  if (promises.size === 0) return settled;
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  const places = [...promises].map((promise) =>
    onSettled(promise, (isRejected) => {
      settled.add(promise);
      if (until === "first" || (until === "first-error" && isRejected)) resolve();
      if (settled.size === promises.size) resolve();
    }),
  );
  if (signal) places.push(onAbort(signal, reject));
  const timer = timeout < Infinity ? clock.after(timeout, resolve) : undefined;
  try {
    // What has settled before the call is counted before this goes on, whichever of them was enough.
    await enough;
    return settled;
  } finally {
    timer?.cancel();
    for (const place of places) place.leave();
  }
}

function promiseOf(handle: Pending, index: number): PromiseLike<unknown> {
  if (isThenable(handle)) return handle;
  const { result } = Object(handle) as { readonly result?: unknown };
  if (isThenable(result)) return result;
  throw new InvalidOptionError(
    `wait() takes promises, tasks and jobs; the one at ${index} is ${handle === null ? "null" : typeof handle}.`,
  );
}

const ends = ["first", "first-error", "all"];

const rules = /* @__PURE__ */ (() => ({
  until: matching('"first", "first-error" or "all"', (value) => ends.includes(value as string)),
  timeout: duration(true),
  signal: runRules.signal,
  clock: typed("object"),
}))();
