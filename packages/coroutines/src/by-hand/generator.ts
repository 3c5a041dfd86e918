import { checkGoOptions, generatorOf, type GoOptions } from "./go-options.ts";
import { startOf } from "./spawn.ts";
import { TwoWayGenerator } from "./two-way-generator.ts";

/**
 * Makes an async generator of a generator function that waits with `yield*` and gives items with `yield`: a coroutine
 * that goes on when it is asked for its next item. `const answer = yield item` hands an item out and gets what the
 * next `next(answer)` brings. It is lazy: nothing runs before the first `next()`.
 *
 * Other than with a native async generator, `return()` ends it at once where it stands, also while a `next()` is
 * pending, which then says `done`; its `finally` runs first. Items that `finally` yields do not count.
 *
 * *Ordering*: calls of `next` and `throw` are answered in their order.
 * *Cancellation*: `return()`, and `signal`, whose reason a pending or the next `next()` rejects with.
 * *Errors*: `INVALID_OPTION`; what it throws, once.
 *
 * @example
 * ```ts
 * import { generator } from "@quintet/coroutines";
 *
 * const averages = generator(function* (): Generator<number, string, number> {
 *   let sum = 0;
 *   for (let count = 1; count <= 2; count++) sum += yield sum / Math.max(1, count - 1);
 *   return `sum ${sum}`;
 * });
 * await averages.next();
 * console.log(await averages.next(10)); // => { done: false, value: 10 }
 * console.log(await averages.next(20)); // => { done: true, value: 'sum 30' }
 * ```
 */
export function generator<Body extends () => Iterable<unknown>>(
  body: Body,
  options?: GoOptions,
): TwoWay<ReturnType<Body>> {
  const owner = "generator()";
  const start = startOf(body, checkGoOptions(owner, options));
  const made: unknown = new TwoWayGenerator(generatorOf(owner, body), start);
  return made as TwoWay<ReturnType<Body>>;
}

/** The async generator with the same items, result and answers; what it waits for is no item. */
export type TwoWay<Made> =
  Made extends Generator<infer Item, infer Result, infer Sent>
    ? AsyncGenerator<Exclude<Item, PromiseLike<unknown>>, Result, Sent>
    : never;
