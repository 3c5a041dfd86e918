import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { decodeError, decodeValue } from "./decode-value.ts";
import { encodeError, encodeValue } from "./encode-value.ts";

/** Over the wire and back. */
const travelled = (value: unknown): unknown =>
  decodeValue(JSON.parse(JSON.stringify(encodeValue(value, "input").json)));

/** The code of what it throws. */
function codeOf(call: () => unknown): unknown {
  try {
    call();
    return "none";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withBoxedValues: true,
  key: fc.oneof(
    fc.string(),
    fc.constantFrom("__proto__", "$date", "$ref", "$plain", "$", "constructor", "toJSON"),
  ),
});

describe("the codec", () => {
  it("brings any value over as it was", () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(isDeepStrictEqual(travelled([value]), structuredClone([value]))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never says that a value is shorter than a third of its text", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { json, size } = encodeValue(value, "input");
        expect(3 * size + 8).toBeGreaterThanOrEqual(JSON.stringify(json).length / 2);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves what JSON can hold as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        fc.pre(!JSON.stringify(plain).includes('"$'));
        expect(encodeValue(plain, "input").json).toEqual(plain);
      }),
    );
  });

  it("takes anything that comes over the wire: a value, or an error of its own", () => {
    const tag = fc.constantFrom(
      ..."$date $map $set $error $ref $bytes $bigint $regexp $box $plain $number $hole $none".split(
        " ",
      ),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.jsonValue({ maxDepth: 1 }),
        fc.tuple(tag, tie("tree")).map(([key, value]) => ({ [key]: value })),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(fc.oneof(tag, fc.string()), tie("tree"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (hostile) => {
        const codes = [decodeValue, decodeError].map((decode) =>
          codeOf(() => decode(JSON.parse(JSON.stringify(hostile)))),
        );
        expect(codes.filter((code) => code !== "none" && code !== "MALFORMED")).toEqual([]);
        expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe("a value", () => {
  it("keeps cycles, and what occurs twice, one object", () => {
    const shared = { one: 1 };
    const value: Record<string, unknown> = { first: shared, second: shared, map: new Map() };
    value["self"] = value;
    (value["map"] as Map<unknown, unknown>).set(value, shared);
    const arrived = travelled(value) as Record<string, unknown>;
    expect(arrived["self"]).toBe(arrived);
    expect(arrived["first"]).toBe(arrived["second"]);
    expect((arrived["map"] as Map<unknown, unknown>).get(arrived)).toBe(arrived["first"]);
  });

  it("that is an error arrives with its class, its properties and its causes", () => {
    const inner = Object.assign(new RangeError("inner"), { code: "EINNER" });
    const outer = new TypeError("outer", { cause: inner });
    inner.cause = outer;
    const arrived = travelled({ error: outer }) as { error: TypeError };
    expect(arrived.error).toBeInstanceOf(TypeError);
    expect(arrived.error.cause).toMatchObject({ message: "inner", code: "EINNER" });
    expect((arrived.error.cause as Error).cause).toBe(arrived.error);
  });

  it.each([
    ["a function", { options: { onDone: (): void => {} } }, "input.options.onDone"],
    ["a symbol", [[Symbol("s")]], "input[0][0]"],
    ["a promise", { "a b": Promise.resolve() }, 'input["a b"]'],
    ["shared memory", new Uint8Array(new SharedArrayBuffer(4)), "input"],
    ["a URL", [new URL("https://example.org")], "input[0]"],
  ])("with %s is refused, and told where it is", (_, value, path) => {
    expect(() => encodeValue(value, "input")).toThrow(
      expect.objectContaining({ code: "NOT_CLONEABLE", path }),
    );
  });

  it("that nests without end is refused on both sides", () => {
    let deep: unknown = 0;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => encodeValue(deep, "input")).toThrow(/nests deeper than 500/);
    const hostile: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    expect(() => decodeValue(hostile)).toThrow(expect.objectContaining({ code: "MALFORMED" }));
  });

  it("named __proto__ becomes a property and pollutes nothing", () => {
    const arrived = decodeValue(
      JSON.parse('{"__proto__":{"polluted":{"$date":0}},"a":1}'),
    ) as object;
    expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(arrived, "__proto__")?.value).toEqual({
      polluted: new Date(0),
    });
  });
});

describe("what was thrown", () => {
  it.each([undefined, null, 0, -0, "", "text", false, 1n, Number.NaN, { a: 1 }, [1]])(
    "and is no error arrives as it was: %s",
    (thrown) => {
      const wire = JSON.stringify(encodeError(thrown).json);
      expect(decodeError(JSON.parse(wire))).toEqual(thrown);
    },
  );
});
