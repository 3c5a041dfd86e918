import { currentRoutine } from "../scheduling/routine.ts";
import { schedulerOf, sharedScheduler } from "../scheduling/shared-scheduler.ts";
import { type Coroutine, type CoroutineStart, HeldCoroutine } from "./coroutine.ts";
import { checkGoOptions, type CoroutineBody, generatorOf, type GoOptions } from "./go-options.ts";
import { startWatched } from "./watched-task.ts";

/**
 * Starts a coroutine and gives a handle of it: to cancel it, to throw into it, to see what it waits for.
 * It makes its first step soon, not at once. Nobody waits for it; `scope` does for those it starts.
 *
 * In its body a plain `yield` gives way to the others, a yielded promise is awaited, and `yield*` delegates to another
 * generator, to `wait(promise)`, `sleep(ms)` or the handle of a coroutine, and gives what that returns.
 *
 * *Ordering*: by priority, in turns within one.
 * *Cancellation*: it is ended where it stands, its `finally` runs. What it waited for and has come already is given
 * to it first, so that no value or permit is lost.
 * *Errors*: `INVALID_OPTION`, at once.
 * *Cost*: O(1) for each `yield`.
 *
 * @example
 * ```ts
 * import { go, sleep, spawn } from "@quintet/coroutines";
 *
 * const clock = spawn(function* ticking() {
 *   try {
 *     for (;;) yield* sleep(10);
 *   } finally {
 *     console.log("stopped");
 *   }
 * });
 * await go(() => sleep(20));
 * clock.cancel("enough"); // => stopped
 * console.log(await clock.result.catch((reason: unknown) => reason)); // => enough
 * ```
 */
export function spawn<T>(body: CoroutineBody<T>, options?: GoOptions): Coroutine<T> {
  return start("spawn()", body, options);
}

/** Starts a coroutine for `owner`, a call with its parentheses. */
export function start<T>(
  owner: string,
  body: CoroutineBody<T>,
  options: GoOptions | undefined,
): HeldCoroutine<T> {
  const how = startOf(body, checkGoOptions(owner, options));
  return startWatched(how.name, () => new HeldCoroutine<T>(generatorOf(owner, body), how));
}

/** How it is started, with what it inherits from the coroutine that starts it. */
export function startOf(
  { name: ownName }: { readonly name: string },
  { name, priority = 0, signal, clock }: GoOptions,
): CoroutineStart {
  const inherited = currentRoutine()?.scheduler ?? sharedScheduler;
  const scheduler = clock ? schedulerOf(clock) : inherited;
  return { name: name ?? (ownName || "coroutine"), priority, scheduler, signal };
}
