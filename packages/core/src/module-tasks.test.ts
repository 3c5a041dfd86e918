import type * as posix from "node:path/posix";
import { expect, it } from "vitest";
import { InvalidOptionError, NotSupportedError } from "./errors.ts";
import { moduleTasks } from "./module-tasks.ts";
import { isTask } from "./task.ts";

const url = new URL("node:path");
const path = moduleTasks<typeof posix>("path", url);

it("gives a task for each name, always the same one, with the module as its origin", () => {
  expect(isTask(path.normalize)).toBe(true);
  expect(path.normalize).toBe(path.normalize);
  expect(path.normalize.id).toBe("path.normalize");
  expect(path.normalize.origin).toEqual({ kind: "export", module: "node:path", name: "normalize" });
});

it("takes names for data", () => {
  const odd = path as unknown as Record<string, { readonly origin: object }>;
  for (const name of ["__proto__", "constructor", "toString", "../x"]) {
    expect(odd[name]?.origin).toMatchObject({ name });
  }
});

it("can be awaited and printed, and has no task for symbols", async () => {
  expect(await Promise.resolve(path)).toBe(path);
  expect((path as unknown as { [key: symbol]: unknown })[Symbol.iterator]).toBeUndefined();
  expect(Object.keys(path)).toEqual([]);
});

it("cannot be called directly, since nothing was imported", () => {
  expect(() => path.normalize("a")).toThrow(NotSupportedError);
  expect(() => path.normalize("a")).toThrow("give it to an executor");
});

it("takes a URL or its text, which must be absolute", () => {
  const task = moduleTasks<{ f(): void }>("m", "file:///a.js").f;
  expect(task.origin).toMatchObject({ module: "file:///a.js" });
  for (const wrong of ["./a.js", "", 5]) {
    expect(() => moduleTasks("m", wrong as string)).toThrow(InvalidOptionError);
  }
});
