import type { Executor, LocalExecutor } from "@quintet/core";
import { coroutines, generator, go, scope, sleep, spawn, wait } from "./index.ts";

// It takes plain functions, and passes for any executor.
export const local: LocalExecutor = coroutines({ concurrency: 2, slice: 5 });
export const executor: Executor = coroutines();
// @ts-expect-error: no such option
coroutines({ size: 4 });

// What is awaited is no item of the stream, and what is returned is the result.
function* task(n: number) {
  const text = yield* wait(Promise.resolve("a"));
  yield n;
  yield* sleep(n);
  return text;
}
export const result: Promise<string> = local.run(task, 1);
export const items: AsyncGenerator<number, string, void> = local.stream(task, 1);
// @ts-expect-error: the wrong result
export const wrong: Promise<number> = local.run(task, 1);

export const gone: Promise<string> = go(() => task(1));
export const held: Promise<string> = spawn(() => task(1)).result;
// @ts-expect-error: no generator
void go(async () => 1);

export const twoWay: AsyncGenerator<number, string> = generator(() => task(1));
const averages = generator(function* (): Generator<string, boolean, number> {
  return (yield "item") > 1;
});
void averages.next(5);
// @ts-expect-error: it takes numbers
void averages.next("5");

export const sum: Promise<number> = scope(function* (s) {
  const one = s.spawn(function* ({ signal }) {
    yield;
    return signal.aborted ? 0 : 1;
  });
  const other = s.spawn(async () => 2);
  return (yield* one) + (yield* other);
});
export const text: Promise<string> = scope(async (s) => s.name);
