import { addFrames } from "@quintet/core/kit";
import { currentRoutine } from "../scheduling/routine.ts";
import { framesOfCoroutine } from "./coroutine-frames.ts";

/**
 * Waits for a promise: `const value = yield* wait(promise)`, with its type, where a plain `yield promise` has none.
 * Works in coroutines, and in generator tasks on any executor.
 *
 * Given a function, it calls that with a signal that aborts when the coroutine is ended meanwhile, and the coroutine
 * ends when the operation has: what had come already is handed over first. An operation that takes a value or a permit
 * needs that, or what it takes is lost with nobody to get it.
 *
 * `what` says in words what it waits for, for `inspect()`.
 *
 * *Errors*: what the promise rejects with, and on its stack also where the coroutine stands.
 *
 * @example
 * ```ts
 * import { go, wait } from "@quintet/coroutines";
 *
 * const sum = await go(function* () {
 *   const one = yield* wait(Promise.resolve(1));
 *   const other = yield* wait(async (signal) => (signal.aborted ? 0 : 2));
 *   return one + other;
 * });
 * console.log(sum); // => 3
 * ```
 */
export function* wait<T>(
  source: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
  what?: string,
): Generator<PromiseLike<T>, T, unknown> {
  if (typeof source === "function") return yield* waitAbortably(source, what);
  const routine = currentRoutine();
  if (routine) routine.waitsFor = what;
  try {
    return (yield source) as T;
  } catch (error) {
    addFrames(error, framesOfCoroutine());
    throw error;
  }
}

function* waitAbortably<T>(
  source: (signal: AbortSignal) => PromiseLike<T>,
  what: string | undefined,
): Generator<PromiseLike<T>, T, unknown> {
  const controller = new AbortController();
  let isFulfilled = false;
  try {
    const promise = source(controller.signal);
    const routine = currentRoutine();
    if (routine) routine.stopWait = (reason) => controller.abort(reason);
    const value = yield* wait(promise, what);
    isFulfilled = true;
    return value;
  } finally {
    if (!isFulfilled) controller.abort(new DOMException("The coroutine was ended.", "AbortError"));
  }
}
