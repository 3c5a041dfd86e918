import { expect, it } from "vitest";
import { InvalidOptionError } from "./errors.ts";
import { inline } from "./inline.ts";
import { loadTask } from "./kit/loading/load-task.ts";
import { RunContext } from "./kit/runs/run-context.ts";
import type { TaskFunction } from "./task.ts";

const holder = {
  double(this: void, n: number) {
    return n * 2;
  },
  async later(this: void, n: number) {
    return n * 2;
  },
  classify(this: void, n: number) {
    return n * 2;
  },
  function(this: void, n: number) {
    return n * 2;
  },
  "quoted name"(this: void, n: number) {
    return n * 2;
  },
  *items(this: void) {
    yield 1;
  },
};

it.each<[string, (n: number) => unknown]>([
  ["an arrow function", (n: number) => n * 2],
  ["an async arrow function", async (n: number) => n * 2],
  [
    "a function",
    function double(n: number) {
      return n * 2;
    },
  ],
  ["a method", holder.double],
  ["an async method", holder.later],
  ["a method whose name begins like a class", holder.classify],
  ["a method called function", holder.function],
  ["a method with a quoted name", holder["quoted name"]],
  [
    "a function with comments",
    (n: number /* a number */) => {
      // twice
      return n * 2; /* } */
    },
  ],
])("makes a task of the source of %s, which works where it is evaluated", async (_, call) => {
  const task = inline(call);
  expect(task.id).toBe(`inline.${call.name || "anonymous"}`);
  const loaded = await loadTask(task.id, task.origin);
  expect(await loaded(21, new RunContext("a"))).toBe(42);
  expect(await task(21)).toBe(42);
});

it("makes tasks of generators", async () => {
  const task = inline(function* (n: number) {
    for (let index = 0; index < n; index++) yield index;
    return "end";
  });
  const loaded = await loadTask(task.id, task.origin);
  expect([...(loaded(3, new RunContext("a")) as Generator<number>)]).toEqual([0, 1, 2]);
  const method = inline(holder.items);
  const other = await loadTask(method.id, method.origin);
  expect([...(other(undefined, new RunContext("a")) as Generator<number>)]).toEqual([1]);
});

it.each<[string, unknown]>([
  ["a native function", Math.max],
  ["a bound function", holder.double.bind(undefined)],
  ["a class", class Thing extends Map {}],
  ["a class without a name", class extends Map {}],
  ["no function", "text"],
  ["nothing", undefined],
])("refuses %s, which has no source of its own", (_, value) => {
  expect(() => inline(value as TaskFunction)).toThrow(InvalidOptionError);
});
