import { describe, expect, it } from "vitest";
import { isPrimitive } from "../is-primitive.ts";
import { notCloneable, travels } from "./not-cloneable.ts";

/** The path and the message for a value that cannot travel. */
function why(value: unknown): { path: string; message: string } {
  try {
    structuredClone(value);
  } catch (cause) {
    return notCloneable("The input of a.b", "input", value, cause);
  }
  throw new Error("It can travel.");
}

it("knows what shares nothing with others", () => {
  for (const value of [undefined, null, 0, 1n, "", false]) expect(isPrimitive(value)).toBe(true);
  for (const value of [{}, [], () => 1, Symbol("s"), new Date()])
    expect(isPrimitive(value)).toBe(false);
});

it("knows what can travel", () => {
  for (const value of [0, {}, new Map([[1, new Set([new Date()])]]), /x/, new Error("e")])
    expect(travels(value)).toBe(true);
  for (const value of [() => 1, Symbol("s"), { f() {} }, new WeakMap(), Promise.resolve()])
    expect(travels(value)).toBe(false);
});

describe("the path of the guilty property", () => {
  const fn = (): void => {};

  it.each<[string, unknown, string, string]>([
    ["of a function itself", fn, "input", "is a function"],
    ["of a symbol itself", Symbol("s"), "input", "is a symbol"],
    ["in an object", { options: { onDone: fn } }, "input.options.onDone", "is a function"],
    ["under an odd key", { "a-b": { c: fn } }, 'input["a-b"].c', "is a function"],
    ["in an array", { list: [1, { x: fn }] }, "input.list[1].x", "is a function"],
    ["in a map", new Map([["k", { f: fn }]]), 'input.get("k").f', "is a function"],
    ["in a key of a map", new Map([[fn, 1]]), "input.keys()", "is a function"],
    ["in a set", new Set([1, fn]), "input.values()", "is a function"],
    ["of a promise", { p: Promise.resolve() }, "input.p", "is a Promise"],
    ["of a weak map", { deep: [new WeakMap()] }, "input.deep[0]", "is a WeakMap"],
    [
      "in the cause of an error",
      new Error("e", { cause: { f: fn } }),
      "input.cause.f",
      "is a function",
    ],
    [
      "in a class instance",
      new (class Job {
        step = fn;
      })(),
      "input.step",
      "is a function",
    ],
  ])("%s", (_, value, path, problem) => {
    const error = why(value);
    expect(error).toMatchObject({ code: "NOT_CLONEABLE", path });
    expect(error.message).toContain(`${path} ${problem}`);
  });

  it("is found in a cycle", () => {
    const value: Record<string, unknown> = { ok: { list: [1] } };
    value["self"] = value;
    value["z"] = { back: value, f: fn };
    expect(why(value).path).toBe("input.z.f");
  });

  it("is that of a getter that throws", () => {
    const value = {
      inner: {
        get broken() {
          throw new Error("not now");
        },
      },
    };
    expect(why(value)).toMatchObject({
      path: "input.inner.broken",
      message: expect.stringContaining("cannot be read (not now)") as string,
    });
  });
});

describe("an answer always comes", () => {
  it.each<[string, () => unknown]>([
    [
      "for a proxy that was revoked",
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return { proxy };
      },
    ],
    [
      "for a proxy whose traps throw",
      () =>
        new Proxy(
          { f: () => 1 },
          {
            ownKeys() {
              throw new Error("trap");
            },
          },
        ),
    ],
    [
      "for a getter that throws what has no text",
      () => ({
        get x() {
          // oxlint-disable-next-line typescript/only-throw-error -- a getter may throw anything
          throw Object.create(null);
        },
      }),
    ],
    [
      "for a constructor that cannot be read",
      () =>
        Object.defineProperty(new WeakSet(), "constructor", {
          get() {
            throw new Error("trap");
          },
        }),
    ],
    [
      "for what is too deep to walk",
      () => {
        let value: unknown = () => 1;
        for (let depth = 0; depth < 50_000; depth++) value = [value];
        return value;
      },
    ],
  ])("%s", (_, make) => {
    const error = why(make());
    expect(error).toMatchObject({ code: "NOT_CLONEABLE" });
    expect(error.path).toMatch(/^input/);
  });
});
