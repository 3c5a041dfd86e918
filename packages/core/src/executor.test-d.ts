import { typeOf } from "../test/type-of.ts";
import { defineTasks } from "./define-tasks.ts";
import type { Executor, LocalExecutor } from "./executor.ts";
import type { Job } from "./job.ts";
import type { LiveTask } from "./live-task.ts";
import type { Outcome, Results } from "./results.ts";
import type { MapOptions } from "./run-options.ts";
import type { Durations } from "./stats.ts";
import type { StreamTask, Task } from "./task.ts";

declare const executor: Executor;
declare const local: LocalExecutor;

const tasks = defineTasks("types", import.meta.url, {
  count: async (text: string) => text.length,
  *letters(text: string) {
    yield* text;
    return text.length;
  },
  async *ticks() {
    yield new Date();
  },
  ping: () => "pong" as const,
  optional: (n?: number) => n ?? 0,
  wide: (value: string | number) => String(value),
});

// run
typeOf(executor.run(tasks.count, "a")).is<Promise<number>>();
typeOf(executor.run(tasks.letters, "a")).is<Promise<number>>();
typeOf(executor.run(tasks.ticks)).is<Promise<void>>();
typeOf(executor.run(tasks.ping)).is<Promise<"pong">>();
typeOf(executor.run(tasks.ping, undefined, { timeout: 5 })).is<Promise<"pong">>();
typeOf(executor.run(tasks.optional)).is<Promise<number>>();
typeOf(executor.run(tasks.optional, 5)).is<Promise<number>>();
typeOf(executor.run(tasks.wide, "a")).is<Promise<string>>();
// @ts-expect-error: the wrong input
void executor.run(tasks.count, 1);
// @ts-expect-error: no input
void executor.run(tasks.count);
// @ts-expect-error: an input where there is none
void executor.run(tasks.ping, 1);
// @ts-expect-error: the wrong output
void executor.run(tasks.count, "a").then((text: string) => text);
// @ts-expect-error: no such option
void executor.run(tasks.count, "a", { tiemout: 5 });
// @ts-expect-error: a plain function, which only an executor in this thread takes
void executor.run((text: string) => text, "a");
// @ts-expect-error: a plain function without input
void executor.run(() => 1);

// submit
typeOf(executor.submit(tasks.count, "a")).is<Job<number>>();
typeOf(executor.submit(tasks.ping)).is<Job<"pong">>();
typeOf(executor.submit(tasks.count, "a").result).is<Promise<number>>();
// @ts-expect-error: the wrong input
executor.submit(tasks.count, 1);
// @ts-expect-error: a plain function
executor.submit(() => 1);

// map
typeOf(executor.map(tasks.count, ["a"])).is<Results<number>>();
typeOf(executor.map(tasks.count, new Set(["a"]), { ordered: false })).is<Results<number>>();
typeOf(executor.map(tasks.count, tasks.letters("abc"))).is<Results<number>>();
typeOf(executor.map(tasks.count, ["a"], { settle: true })).is<Results<Outcome<number>>>();
typeOf(executor.map(tasks.count, ["a"], { settle: false })).is<Results<number>>();
typeOf(executor.map(tasks.count, ["a"]).toArray()).is<Promise<number[]>>();
declare const later: AsyncIterable<string>;
typeOf(executor.map(tasks.count, later)).is<Results<number>>();
// @ts-expect-error: the wrong inputs
executor.map(tasks.count, [1]);
// @ts-expect-error: one input, not several
executor.map(tasks.wide, 5);
// @ts-expect-error: an option of run only
executor.map(tasks.count, ["a"], { transfer: [] });
// @ts-expect-error: a plain function
executor.map((text: string) => text, ["a"]);
for (const outcome of await executor.map(tasks.count, ["a"], { settle: true }).toArray()) {
  if (outcome.status === "fulfilled") typeOf(outcome.value).is<number>();
  else typeOf(outcome.reason).is<unknown>();
  typeOf(outcome.index).is<number>();
}

// stream
typeOf(executor.stream(tasks.letters, "a")).is<AsyncGenerator<string, number, void>>();
typeOf(executor.stream(tasks.ticks)).is<AsyncGenerator<Date, void, void>>();
for await (const letter of executor.stream(tasks.letters, "a", { window: 2 })) {
  typeOf(letter).is<string>();
}
// @ts-expect-error: a task that yields nothing
executor.stream(tasks.count, "a");
// @ts-expect-error: a task that yields nothing and takes nothing
executor.stream(tasks.ping);
// @ts-expect-error: the wrong input
executor.stream(tasks.letters, 1);
// @ts-expect-error: no input
executor.stream(tasks.letters);
// @ts-expect-error: a plain generator function
executor.stream(function* () {
  yield 1;
});

// Code that is generic over tasks and places.
export async function runAll<Input, Output>(
  place: Executor,
  task: Task<Input, Output>,
  inputs: readonly Input[],
): Promise<Output[]> {
  const [first] = inputs;
  if (first !== undefined) typeOf(place.run(task, first)).is<Promise<Output>>();
  typeOf(place.map(task, inputs, { settle: true })).is<Results<Outcome<Output>>>();
  return place.map(task, inputs).toArray();
}
typeOf(runAll(executor, tasks.count, ["a"])).is<Promise<number[]>>();
typeOf(runAll(local, tasks.wide, ["a"])).is<Promise<string[]>>();
// @ts-expect-error: the wrong inputs
void runAll(executor, tasks.count, [1]);

export async function* streamAll<Input, Output, Item>(
  place: Executor,
  task: StreamTask<Input, Output, Item>,
  inputs: readonly Input[],
): AsyncGenerator<Item, void> {
  for (const input of inputs) yield* place.stream(task, input);
}
typeOf(streamAll(executor, tasks.letters, ["a"])).is<AsyncGenerator<string, void>>();
// @ts-expect-error: a task that yields nothing
streamAll(executor, tasks.count, ["a"]);

// A tuple or table of tasks keeps each one's types.
const table = { a: tasks.count, b: tasks.ping } as const;
typeOf(executor.run(table.a, "a")).is<Promise<number>>();

// An executor in this thread also takes plain functions and closures.
typeOf(local.run(tasks.count, "a")).is<Promise<number>>();
typeOf(local.run((n: number) => n * 2, 1)).is<Promise<number>>();
typeOf(local.run(async () => "a")).is<Promise<string>>();
typeOf(local.run(() => 1, undefined, { priority: 1 })).is<Promise<number>>();
typeOf(local.run((n?: number) => n)).is<Promise<number | undefined>>();
typeOf(local.run((n: number = 1) => n)).is<Promise<number>>();
typeOf(local.run((n: number, { signal }) => n + Number(signal.aborted), 1)).is<Promise<number>>();
typeOf(local.submit((n: number) => n * 2, 1)).is<Job<number>>();
typeOf(local.map((n: number) => String(n), [1])).is<Results<string>>();
typeOf(local.map(() => "a", [1, 2])).is<Results<string>>();
typeOf(local.map(async (n: number, { signal }) => signal.aborted || n > 0, [1])).is<
  Results<boolean>
>();
typeOf(local.map((n: number) => n, [1], { settle: true })).is<Results<Outcome<number>>>();
typeOf(local.stream(tasks.ticks)).is<AsyncGenerator<Date, void, void>>();
typeOf(
  local.stream(function* (n: number) {
    yield n;
    return "end";
  }, 1),
).is<AsyncGenerator<number, string, void>>();
// @ts-expect-error: the wrong input
void local.run((n: number) => n, "a");
// @ts-expect-error: no input
void local.run((n: number) => n);
// @ts-expect-error: the wrong inputs
local.map((n: number) => n, ["a"]);
// @ts-expect-error: a function that yields nothing
local.stream((n: number) => n, 1);
// @ts-expect-error: no function
void local.run(5);

// It is an executor; not every executor is one.
export const any: Executor = local;
// @ts-expect-error: an executor elsewhere takes no closures
export const notLocal: LocalExecutor = executor;

declare const options: MapOptions;
// @ts-expect-error: whether there will be outcomes must be known
executor.map(tasks.count, ["a"], options);

typeOf(executor.tasks()).is<readonly LiveTask[]>();
typeOf(executor.stats().wait).is<Durations>();
// @ts-expect-error: a snapshot, which is nobody's to change
executor.tasks().pop();
