import { describe, expect, it } from "vitest";
import { definedTask, defineTasks } from "./define-tasks.ts";
import { InvalidOptionError } from "./errors.ts";
import { RunContext } from "./kit/runs/run-context.ts";
import { isTask } from "./task.ts";

const here = import.meta.url;

describe("a defined task", () => {
  const text = defineTasks("text", here, {
    async count(line: string) {
      return line.split(" ").length;
    },
    *letters(line: string) {
      yield* line;
      return line.length;
    },
    arrow: (n: number, { id, attempt }) => `${id} ${attempt} ${n}`,
    both(n: number) {
      return [n, typeof this] as const;
    },
  });

  it("has an id, an origin and a name", () => {
    expect(text.count.id).toBe("text.count");
    expect(text.count.name).toBe("text.count");
    expect(text.count.origin).toEqual({ kind: "defined", module: here });
    expect(isTask(text.count)).toBe(true);
  });

  it("runs here and now when it is called, with a context of its own or a given one", async () => {
    expect(await text.count("one two")).toBe(2);
    expect([...text.letters("ab")]).toEqual(["a", "b"]);
    expect(text.arrow(5)).toMatch(/^call-\d+ 1 5$/);
    expect(text.arrow(5)).not.toBe(text.arrow(5));
    expect(text.arrow(5, new RunContext("mine", 3))).toBe("mine 3 5");
  });

  it("sees its siblings as `this`", () => {
    expect(text.both(1)).toEqual([1, "object"]);
  });

  it("is found by its module and id", () => {
    expect(definedTask(here, "text.count")).toBe(text.count);
    expect(definedTask(`${here}?other`, "text.count")).toBeUndefined();
    expect(definedTask(here, "text.other")).toBeUndefined();
  });
});

it("lets two modules use one namespace", () => {
  const a = defineTasks("same", "file:///a.js", { go: () => "a" });
  const b = defineTasks("same", "file:///b.js", { go: () => "b" });
  expect(definedTask("file:///a.js", "same.go")).toBe(a.go);
  expect(definedTask("file:///b.js", "same.go")).toBe(b.go);
});

it("takes names for data", () => {
  const functions = Object.fromEntries(
    ["__proto__", "constructor", "../x", ""].map((name) => [name, () => name]),
  );
  const tasks = defineTasks("odd", here, functions);
  expect(Object.getPrototypeOf(tasks)).toBe(Object.prototype);
  expect(Object.keys(tasks)).toEqual(["__proto__", "constructor", "../x", ""]);
  expect(definedTask(here, "odd.__proto__")?.id).toBe("odd.__proto__");
  expect(definedTask(here, "odd.toString")).toBeUndefined();
});

it.each([
  ["", here, {}],
  ["a.b", here, {}],
  ["../a", here, {}],
  ["a\n", here, {}],
  [5, here, {}],
  ["a", "./relative.js", {}],
  ["a", undefined, {}],
  ["a", here, { b: 5 }],
  ["a", here, { b: null }],
])("refuses %j, %j, %j", (namespace, module, functions) => {
  expect(() =>
    defineTasks(namespace as string, module as string, functions as Record<string, () => void>),
  ).toThrow(InvalidOptionError);
});

it("tells tasks from other functions and things", () => {
  const { go } = defineTasks("tell", here, { go: () => 1 });
  expect(isTask(go)).toBe(true);
  const lookalike = Object.assign(() => 1, { id: "a.b", origin: {} });
  expect(isTask(lookalike)).toBe(true); // as another copy of the package makes them
  for (const other of [
    () => 1,
    Object.assign(() => 1, { id: "a" }),
    { id: go.id, origin: go.origin },
    null,
    "text",
  ]) {
    expect(isTask(other)).toBe(false);
  }
});
