import { expect, it } from "vitest";
import { defineTasks } from "../../define-tasks.ts";
import { TaskLoadError, TaskNotFoundError } from "../../errors.ts";
import { loadTask } from "./load-task.ts";
import { RunContext } from "../runs/run-context.ts";

const context = new RunContext("a");

const tasks = defineTasks("load", import.meta.url, { double: (n: number) => n * 2 });

const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

it("finds a defined task in its module", async () => {
  expect(await loadTask("load.double", tasks.double.origin)).toBe(tasks.double);
});

it("says so when the module defines no such task", async () => {
  for (const name of ["other", "__proto__", "toString"]) {
    const loading = loadTask(`load.${name}`, tasks.double.origin);
    await expect(loading).rejects.toBeInstanceOf(TaskNotFoundError);
    await expect(loading).rejects.toThrow(`defines no task load.${name}`);
  }
});

it("finds an exported function, own exports only", async () => {
  const module = moduleOf("export const double = (n) => n * 2; export const five = 5;");
  const double = await loadTask("m.double", { kind: "export", module, name: "double" });
  expect(double(21, context)).toBe(42);
  for (const name of ["five", "none", "toString", "__proto__", "constructor", "hasOwnProperty"]) {
    const loading = loadTask(`m.${name}`, { kind: "export", module, name });
    await expect(loading).rejects.toBeInstanceOf(TaskNotFoundError);
    await expect(loading).rejects.toThrow(/exports no function ".*"; it exports double, five/);
  }
});

it("finds a function of a default export that holds functions, as CommonJS modules have", async () => {
  const module = moduleOf("export default { double: (n) => n * 2 };");
  const double = await loadTask("m.double", { kind: "export", module, name: "double" });
  expect(double(21, context)).toBe(42);
  const other = loadTask("m.toString", { kind: "export", module, name: "toString" });
  await expect(other).rejects.toBeInstanceOf(TaskNotFoundError);
});

it.each([
  ["throw new RangeError('why')", "why"],
  ["throw null", "null"],
  ["throw Object.create(null)", "object"],
  ["syntax error", "Unexpected"],
])("says why a module cannot be loaded: %s", async (source, why) => {
  const module = moduleOf(source);
  const loading = loadTask("m.f", { kind: "export", module, name: "f" });
  await expect(loading).rejects.toBeInstanceOf(TaskLoadError);
  await expect(loading).rejects.toThrow(why);
});

it("keeps what an import threw as the cause", async () => {
  const loading = loadTask("m.f", { kind: "export", module: moduleOf("throw 5"), name: "f" });
  await expect(loading).rejects.toMatchObject({ cause: 5 });
  const missing = loadTask("m.f", { kind: "defined", module: "file:///not/there.js" });
  await expect(missing).rejects.toBeInstanceOf(TaskLoadError);
});

it.each([
  ["not a function", "Unexpected"],
  ["5", "not the source of a function"],
  ["{ a: 1 }", "not the source of a function"],
  ["[Symbol.iterator]() {}", "not the source of a function"],
  ["() => {", "Unexpected"],
  ["[missing]() {}", "missing is not defined"],
])("refuses a source that is none: %s", async (source, why) => {
  const loading = loadTask("inline.x", { kind: "inline", source });
  await expect(loading).rejects.toBeInstanceOf(TaskLoadError);
  await expect(loading).rejects.toThrow(why);
});
