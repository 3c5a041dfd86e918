import { defineTasks, inline } from "@quintet/core";
import { expect, it } from "vitest";
import { TaskNumbers } from "./task-numbers.ts";

it("gives each distinct task one number, whenever it is asked", () => {
  const numbers = new TaskNumbers();
  const tasks = defineTasks("t", "file:///t.ts", { a: () => 1, b: () => 2 });
  expect([tasks.a, tasks.b, tasks.a].map((task) => numbers.of(task).number)).toEqual([0, 1, 0]);
  expect(numbers.of(tasks.b)).toMatchObject({ id: "t.b", origin: { kind: "defined" } });
});

it("gives one number to functions of the same source, which a loop may make without end", () => {
  const numbers = new TaskNumbers();
  const make = () => inline((n: number) => n * 2);
  expect(numbers.of(make())).toBe(numbers.of(make()));
});

it("keeps tasks of one id in two modules apart", () => {
  const numbers = new TaskNumbers();
  const [here, there] = ["file:///a.ts", "file:///b.ts"].map((url) =>
    defineTasks("same", url, { task: () => url }),
  );
  expect(numbers.of(here!.task).number).not.toBe(numbers.of(there!.task).number);
});
