import { typeOf } from "../test/type-of.ts";
import { defineTasks } from "./define-tasks.ts";
import { inline } from "./inline.ts";
import type { TaskContext } from "./task-context.ts";
import type { InputOf, ItemOf, OutputOf, StreamTask, Task, TaskFunction } from "./task.ts";

declare const context: TaskContext;

const tasks = defineTasks("types", import.meta.url, {
  sync: (text: string) => text.length,
  later: async (text: string) => text.length,
  *items(text: string) {
    for (const letter of text) yield letter;
    return text.length;
  },
  async *laterItems(text: string) {
    yield text.length;
    return text;
  },
  *asking(n: number): Generator<string | Promise<number>, boolean, number> {
    const answer = yield Promise.resolve(n);
    yield String(answer);
    return true;
  },
  nothing: () => 1,
  optional: (n?: number) => n ?? 0,
  defaulted: (n: number = 1) => n,
  anything: (value: unknown) => value,
  context: (n: number, { signal, progress }) => {
    progress(n);
    return signal.aborted;
  },
  typedContext: (_n: number, { attempt }: TaskContext) => attempt,
  promised: () => Promise.resolve(Promise.resolve(1)),
  union: (n: number): string | undefined => (n > 0 ? "a" : undefined),
  never: (): never => {
    throw new Error("always");
  },
});

// A task is called like its function.
typeOf(tasks.sync("a")).is<number>();
typeOf(tasks.later("a", context)).is<Promise<number>>();
typeOf(tasks.items("a")).is<Generator<string, number, unknown>>();
tasks.nothing();
tasks.optional();
tasks.optional(1);
tasks.defaulted();
// @ts-expect-error: the wrong input
tasks.sync(1);
// @ts-expect-error: no input
tasks.sync();
// @ts-expect-error: an input where there is none
tasks.nothing(1);
// @ts-expect-error: no such task
void tasks.other;

// It is a task of what its function takes, gives and yields.
export const inferred: readonly unknown[] = [
  tasks.sync satisfies Task<string, number, never>,
  tasks.later satisfies Task<string, number, never>,
  tasks.items satisfies StreamTask<string, number, string>,
  tasks.laterItems satisfies StreamTask<string, string, number>,
  tasks.asking satisfies StreamTask<number, boolean, string>,
  tasks.nothing satisfies Task<void, number>,
  tasks.optional satisfies Task<number | undefined | void, number>,
  tasks.anything satisfies Task<unknown, unknown>,
  tasks.context satisfies Task<number, boolean>,
  tasks.typedContext satisfies Task<number, number>,
  tasks.promised satisfies Task<void, number>,
  tasks.union satisfies Task<number, string | undefined>,
  tasks.never satisfies Task<void, never>,
  // A task that takes more does for one that is given less.
  tasks.anything satisfies Task<string, unknown>,
  // @ts-expect-error: another output
  tasks.sync satisfies Task<string, string>,
  // @ts-expect-error: another input
  tasks.sync satisfies Task<number, number>,
  // @ts-expect-error: it takes less than it would be given
  tasks.sync satisfies Task<string | number, number>,
  // @ts-expect-error: it yields nothing
  tasks.sync satisfies StreamTask<string, number, unknown>,
  // @ts-expect-error: it yields something else
  tasks.items satisfies StreamTask<string, number, number>,
];

declare const sync: typeof tasks.sync;
typeOf(sync.id).is<string>();

// The parts of a function's type.
type Parts<F extends TaskFunction> = [InputOf<F>, OutputOf<F>, ItemOf<F>];
declare function parts<F extends TaskFunction>(call: F): Parts<F>;
typeOf(parts((n: number) => n)).is<[number, number, never]>();
typeOf(parts(() => 1)).is<[void, number, never]>();
typeOf(parts((n?: number) => n)).is<[number | void | undefined, number | undefined, never]>();
typeOf(parts(async (n: bigint) => [n])).is<[bigint, bigint[], never]>();
typeOf(
  parts(function* (n: number) {
    yield* [n, "a"];
  }),
).is<[number, void, string | number]>();
typeOf(
  parts(async function* (n: number) {
    yield n;
    return "end";
  }),
).is<[number, string, number]>();
// An array is a result, no stream.
typeOf(parts((n: number) => [n])).is<[number, number[], never]>();
typeOf(parts((n: number) => [n].values())).is<[number, ArrayIterator<number>, never]>();

// inline() keeps the types of its function.
const doubled = inline((n: number) => n * 2);
typeOf(doubled(1)).is<number>();
export const inlined: Task<number, number> = doubled;
// @ts-expect-error: the wrong input
doubled("a");

// What is no task function is refused.
// @ts-expect-error: no function
defineTasks("types", import.meta.url, { five: 5 });
// @ts-expect-error: a second parameter that is no context
defineTasks("types", import.meta.url, { two: (a: number, b: number) => a + b });
