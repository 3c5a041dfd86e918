import { start } from "./spawn.ts";
import type { CoroutineBody, GoOptions } from "./go-options.ts";

/**
 * Runs a coroutine to its end and gives what it returns: `spawn` for those who need no handle.
 *
 * *Ordering*, *Cancellation*, *Cost*: as those of `spawn`.
 * *Errors*: what it throws, `signal.reason`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { go, sleep } from "@quintet/coroutines";
 *
 * function* price(item: string) {
 *   yield* sleep(5);
 *   return item.length;
 * }
 * const sum = await go(function* () {
 *   return (yield* price("tea")) + (yield* price("coffee"));
 * });
 * console.log(sum); // => 9
 * ```
 */
export function go<T>(body: CoroutineBody<T>, options?: GoOptions): Promise<T> {
  try {
    return start("go()", body, options).result;
  } catch (error) {
    return Promise.reject(error);
  }
}
