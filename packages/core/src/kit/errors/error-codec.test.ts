import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registerError } from "../../error-registry.ts";
import { isQuintetError, NotCloneableError, TimeoutError, WorkerLostError } from "../../errors.ts";
import { QuintetError } from "../../quintet-error.ts";
import { decodeThrown, type EncodedThrown, encodeThrown } from "./error-codec.ts";

const travels = (value: unknown): boolean => {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
};

/** There and back again, as between two threads. */
function sent<T>(thrown: T, where?: string): T {
  return decodeThrown(structuredClone(encodeThrown(thrown, travels)), where) as T;
}

class PaymentError extends Error {
  override name = "PaymentError";
  status = 402;
  #secret = "kept";

  get secret(): string {
    return this.#secret;
  }

  describe(): string {
    return `${this.message} (${this.status})`;
  }
}
registerError(PaymentError);

class CardError extends PaymentError {
  card = "visa";
}

describe("an error arrives", () => {
  it.each([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    "as the built-in class it was: %o",
    (builtIn) => {
      const error = new builtIn("failed");
      const arrived = sent(error);
      expect(Object.getPrototypeOf(arrived)).toBe(builtIn.prototype);
      expect(arrived).toMatchObject({ name: error.name, message: "failed", stack: error.stack });
      expect(Object.keys(arrived)).toEqual([]);
    },
  );

  it("with its code and its own properties, of any kind that travels", () => {
    const properties = { code: "ENOENT", errno: -2, when: new Date(5), tags: new Map([["a", 1n]]) };
    const arrived = sent(Object.assign(new TypeError("failed"), properties));
    expect(arrived).toBeInstanceOf(TypeError);
    expect(Object.entries(arrived)).toEqual(Object.entries(properties));
  });

  it("without the properties that cannot travel", () => {
    const error = Object.assign(new Error("failed"), {
      good: 1,
      call: () => 1,
      symbol: Symbol("s"),
      request: { callback: () => 1 },
    });
    const get = (): never => {
      throw new Error("no");
    };
    Object.defineProperty(error, "throwing", { enumerable: true, get });
    expect(Object.entries(sent(error))).toEqual([
      ["good", 1],
      ["throwing", undefined],
    ]);
  });

  it("with the whole chain of its causes, whatever they are", () => {
    const root = new RangeError("root", { cause: { plain: [1, undefined] } });
    const arrived = sent(new Error("failed", { cause: new TypeError("middle", { cause: root }) }));
    expect(arrived.cause).toBeInstanceOf(TypeError);
    const { cause } = arrived.cause as Error;
    expect(cause).toBeInstanceOf(RangeError);
    expect((cause as Error).cause).toEqual({ plain: [1, undefined] });
    expect(Object.keys(arrived)).toEqual([]);
    expect("cause" in sent(new Error("none"))).toBe(false);
    expect("cause" in sent(new Error("empty", { cause: undefined }))).toBe(true);
  });

  it("with the errors of an aggregate, nested, in order, the same one the same", () => {
    const shared = new TypeError("shared");
    const inner = new AggregateError([shared, null], "inner");
    const arrived = sent(new AggregateError([inner, shared, "text"], "outer", { cause: shared }));
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.message).toBe("outer");
    const [first, second, third] = arrived.errors as [AggregateError, Error, string];
    expect(first.errors).toEqual([second, null]);
    expect(first.errors[0]).toBe(second);
    expect(second).toBeInstanceOf(TypeError);
    expect(third).toBe("text");
    expect(arrived.cause).toBe(second);
    expect(Object.keys(arrived)).toEqual([]);
  });

  it("in a cycle", () => {
    const error = new Error("a");
    const other = Object.assign(new Error("b", { cause: error }), { self: error });
    error.cause = other;
    const arrived = sent(error);
    const cause = arrived.cause as Error & { self: Error };
    expect(cause.message).toBe("b");
    expect(cause.cause).toBe(arrived);
    expect(cause.self).toBe(arrived);
  });

  it("that is a DOMException as one", () => {
    const error = new DOMException("enough", "AbortError");
    const arrived = sent(error);
    expect(arrived).toBeInstanceOf(DOMException);
    expect(arrived).toMatchObject({ name: "AbortError", message: "enough", code: 20 });
    expect(arrived.stack).toBe(error.stack);
  });

  it("of a registered class with that class, without calling its constructor", () => {
    const arrived = sent(new PaymentError("declined"));
    expect(arrived).toBeInstanceOf(PaymentError);
    expect(arrived.describe()).toBe("declined (402)");
    expect(arrived.name).toBe("PaymentError");
    expect(() => arrived.secret).toThrow(TypeError);
  });

  it("of an unregistered class as the nearest class there is, with the properties of its own", () => {
    const arrived = sent(new CardError("declined"));
    expect(Object.getPrototypeOf(arrived)).toBe(PaymentError.prototype);
    expect(arrived).toMatchObject({ card: "visa", status: 402 });
    class LocalError extends TypeError {}
    expect(Object.getPrototypeOf(sent(new LocalError("local")))).toBe(TypeError.prototype);
  });

  it("of a class that only has a built-in's name as what it really extends", () => {
    const impostors = {
      TypeError: class TypeError extends Error {},
      AggregateError: class AggregateError extends RangeError {},
    };
    const mine = sent(new impostors.TypeError("mine"));
    expect(Object.getPrototypeOf(mine)).toBe(Error.prototype);
    const other = sent(new impostors.AggregateError("mine"));
    expect(Object.getPrototypeOf(other)).toBe(RangeError.prototype);
  });

  it("of Quintet as what it is, with all it says", () => {
    const loss = { task: "a.b", worker: "thread 3", exitCode: 1, signal: undefined, stderr: "x" };
    const lost = sent(new WorkerLostError("lost", loss, { cause: new TimeoutError("late") }));
    expect(lost).toBeInstanceOf(WorkerLostError);
    expect(lost).toMatchObject({ ...loss, code: "WORKER_LOST", name: "WorkerLostError" });
    expect(isQuintetError(lost, "WORKER_LOST")).toBe(true);
    expect(isQuintetError(lost.cause, "TIMEOUT")).toBe(true);
    expect(sent(new NotCloneableError("no", "input.a")).path).toBe("input.a");
  });

  it("of another copy of Quintet as an error of Quintet too", () => {
    // What the other copy made is marked, and has a class of the same name.
    class OtherBase extends Error {
      readonly code = "TIMEOUT";
    }
    const marker = Object.getOwnPropertySymbols(QuintetError.prototype)[0] as symbol;
    Object.defineProperty(OtherBase.prototype, marker, { value: true });
    const other = { TimeoutError: class extends OtherBase {} };
    expect(isQuintetError(sent(new other.TimeoutError("late")), "TIMEOUT")).toBe(true);
  });

  it("with where it was thrown as the last line of its stack", () => {
    const error = new Error("failed", { cause: new Error("why") });
    const arrived = sent(error, "thread 3");
    expect(arrived.stack).toBe(`${error.stack}\n    at thread 3`);
    expect((arrived.cause as Error).stack).toBe((error.cause as Error).stack);
  });

  it("of another realm as an error of this one, with all it has", () => {
    const error = runInNewContext(
      `Object.assign(new TypeError("other"), { code: "E" })`,
    ) as unknown;
    const arrived = sent(error);
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: "TypeError", message: "other", code: "E" });
  });

  it("with a name of its own, own or inherited", () => {
    const own = new TypeError("failed");
    own.name = "SpecialError";
    const arrived = sent(own);
    expect(arrived.name).toBe("SpecialError");
    expect(arrived).toBeInstanceOf(TypeError);
  });

  it("frozen, or with properties that are data and no more", () => {
    const arrived = sent(Object.freeze(Object.assign(new Error("failed"), { code: 5 })));
    expect(arrived).toMatchObject({ message: "failed", code: 5 });
    const error = new Error("failed");
    Object.defineProperty(error, "__proto__", { value: { polluted: true }, enumerable: true });
    Object.assign(error, { constructor: "text", toString: 5 });
    const odd = sent(error);
    expect(Object.getPrototypeOf(odd)).toBe(Error.prototype);
    expect(Object.getOwnPropertyDescriptor(odd, "__proto__")?.value).toEqual({ polluted: true });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.entries(odd)).toContainEqual(["toString", 5]);
  });

  it("with fields of the wrong type as text", () => {
    const error = new Error("failed");
    Object.assign(error, { stack: 5, name: null, message: { a: 1 } });
    expect(encodeThrown(error, travels)).toMatchObject({ stack: "", name: "Error", message: "" });
  });
});

describe("what is no error arrives as it was", () => {
  it.each([null, undefined, 0, -0, Number.NaN, "text", "", 10n, true, [1], { a: { b: 1 } }])(
    "%o",
    (thrown) => {
      expect(sent(thrown)).toEqual(thrown);
      expect(Object.is(sent(thrown), thrown) || typeof thrown === "object").toBe(true);
    },
  );

  it("or, where it cannot travel, as an error that says what it was", () => {
    function callback(): void {}
    for (const [thrown, shown] of [
      [callback, "callback"],
      [Symbol("s"), "Symbol(s)"],
      [{ callback }, "[object Object]"],
      [Object.assign(Object.create(null) as object, { callback }), "object"],
    ] as const) {
      const arrived: unknown = sent(thrown);
      expect(arrived).toBeInstanceOf(TypeError);
      expect((arrived as Error).message).toContain(`cannot travel: `);
      expect((arrived as Error).message).toContain(shown);
    }
  });
});

describe("encoding never throws, and what it gives can be cloned and decoded", () => {
  const trap = (): never => {
    throw new Error("trap");
  };
  const traps = Object.fromEntries(
    Object.getOwnPropertyNames(Reflect).map((name) => [name, trap]),
  ) as ProxyHandler<Error>;
  const revoked = Proxy.revocable([], {});
  revoked.revoke();

  type Make = () => unknown;

  // Made only when they are thrown: fast-check looks into the values it makes.
  const nasty = fc.constantFrom<Make>(
    () => new Proxy(new Error("proxy"), traps),
    () => new Proxy(new Error("reads"), { get: trap }),
    () => new Proxy(new Error("keys"), { ownKeys: trap }),
    () => new Proxy(new Error("has"), { has: trap }),
    () => Object.create(Error.prototype),
    () => Object.setPrototypeOf(new Error("no prototype"), null),
    () =>
      Object.setPrototypeOf(new Error("odd"), Object.create(Error.prototype, { constructor: {} })),
    () => Object.defineProperty(new Error("getter"), "stack", { get: trap }),
    () => Object.defineProperty(new Error("getter"), "constructor", { get: trap }),
    () => Object.defineProperty(new AggregateError([], "errors"), "errors", { get: trap }),
    () => Object.assign(new AggregateError([]), { errors: revoked.proxy }),
    () => Object.assign(new AggregateError([]), { errors: new Proxy([1], { get: trap }) }),
    () => Object.assign(new AggregateError([]), { errors: Object.assign([1], { map: 1 }) }),
    () => Object.assign(new AggregateError([]), { errors: { length: 1e9 } }),
    () => revoked.proxy,
    () => () => 1,
    () => Symbol("s"),
    () => new WeakMap(),
    () => Promise.resolve(),
    () => new DOMException("dom", "DataCloneError"),
  );

  const keys = fc.oneof(
    fc.string(),
    fc.constantFrom("cause", "errors", "stack", "name", "message", "code", "__proto__"),
  );

  const thrown = fc.letrec<{ any: Make; error: Make }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc
        .anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
        .map((value) => () => value),
      nasty,
      tie("error"),
    ),
    error: fc
      .record({
        kind: fc.constantFrom(Error, RangeError, PaymentError, CardError),
        many: fc.option(fc.array(tie("any"), { maxLength: 3 })),
        properties: fc.array(fc.tuple(keys, tie("any")), { maxLength: 5 }),
        freeze: fc.boolean(),
      })
      .map(({ kind, many, properties, freeze }) => () => {
        const error = many ? new AggregateError(many.map((make) => make())) : new kind("e");
        for (const [key, make] of properties) {
          const descriptor = { value: make(), enumerable: true, configurable: true };
          Object.defineProperty(error, key, descriptor);
        }
        return freeze ? Object.freeze(error) : error;
      }),
  })).any;

  it("whatever was thrown", () => {
    fc.assert(
      fc.property(thrown, (make) => {
        const encoded = structuredClone(encodeThrown(make(), travels));
        const decoded = decodeThrown(encoded, "thread 1");
        const again = encodeThrown(decoded, travels);
        expect(again.kind).toBe(encoded.kind);
      }),
      { numRuns: 1000 },
    );
  });

  it("a chain of 100,000 causes, of which the first hundred arrive", () => {
    let error = new Error("the root");
    for (let depth = 0; depth < 100_000; depth++) error = new Error("above", { cause: error });
    let depth = 0;
    let at: unknown = sent(error);
    for (; at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(101);
  });

  it("errors that make new ones without end", () => {
    class Endless extends Error {
      override get cause(): Error {
        return new Endless("again");
      }
    }
    const error = new Endless("first");
    const wide = Object.defineProperties(new Error("wide"), {
      a: { enumerable: true, get: () => new Error("narrow", { cause: error }) },
      b: { enumerable: true, get: () => wide2() },
      c: { enumerable: true, get: () => wide2() },
    });
    const wide2 = (): Error =>
      Object.defineProperties(new Error("x"), Object.getOwnPropertyDescriptors(wide));
    const encoded = encodeThrown(wide, travels);
    expect(decodeThrown(structuredClone(encoded))).toBeInstanceOf(Error);
  }, 30_000);

  it("an aggregate of 20,000 errors, all of which arrive", () => {
    const one = new Error("e");
    const error = (): Error => Object.assign(Object.create(one) as Error, { stack: "" });
    const arrived = sent(new AggregateError(Array.from({ length: 20_000 }, error)));
    expect(arrived.errors).toHaveLength(20_000);
    expect((arrived.errors as Error[]).every(({ message }) => message === "e")).toBe(true);
  });
});

describe("decoding", () => {
  it("takes the name of a class for data", () => {
    for (const name of ["__proto__", "constructor", "toString", "Function", "../x"]) {
      const encoded: EncodedThrown = {
        kind: "error",
        class: name,
        name: "Error",
        message: "m",
        stack: "s",
      };
      expect(Object.getPrototypeOf(decodeThrown(encoded))).toBe(Error.prototype);
    }
  });
});
