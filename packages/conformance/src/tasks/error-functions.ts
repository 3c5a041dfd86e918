import { QueueFullError } from "@quintet/core";
import { ConformanceError } from "../conformance-error.ts";

/** Not registered, so only its name arrives. */
class UnknownError extends Error {
  override readonly name = "UnknownError";
}

const coded = (message: string, code: string): Error =>
  Object.assign(new Error(message), {
    code,
    errno: -2,
    details: { path: ["a", 1], __proto__x: null },
  });

function cycle(): Error {
  const error = new Error("outer");
  error.cause = new Error("inner", { cause: error });
  return error;
}

/** Reading its message throws. */
function withGetter(): Error {
  const error = new Error("never seen");
  Object.defineProperty(error, "message", {
    enumerable: true,
    get() {
      throw new Error("The getter threw.");
    },
  });
  return error;
}

function refuse(): never {
  throw new Error("The trap threw.");
}

function hostileProxy(): object {
  return new Proxy(
    {},
    {
      get: refuse,
      has: refuse,
      ownKeys: refuse,
      getPrototypeOf: refuse,
      getOwnPropertyDescriptor: refuse,
    },
  );
}

/** What `fail` can throw. */
export type FailureKind =
  | "TypeError"
  | "RangeError"
  | "SyntaxError"
  | "ReferenceError"
  | "EvalError"
  | "URIError"
  | "registered"
  | "unknown"
  | "ours"
  | "coded"
  | "chain"
  | "textCause"
  | "cycle"
  | "aggregate"
  | "domException"
  | "nested"
  | "getter"
  | "stack"
  | "frozen"
  | "methods"
  | "proxy"
  | "function"
  | "symbol";

const makers: Record<FailureKind, () => unknown> = {
  TypeError: () => new TypeError("a TypeError"),
  RangeError: () => new RangeError("a RangeError"),
  SyntaxError: () => new SyntaxError("a SyntaxError"),
  ReferenceError: () => new ReferenceError("a ReferenceError"),
  EvalError: () => new EvalError("an EvalError"),
  URIError: () => new URIError("a URIError"),
  registered: () => new ConformanceError("payment required", 402),
  unknown: () => new UnknownError("nobody registered this"),
  ours: () => new QueueFullError("full, somewhere else"),
  coded: () => coded("no such file", "ENOENT"),
  chain: () =>
    new Error("top", { cause: new RangeError("middle", { cause: coded("bottom", "EBOTTOM") }) }),
  textCause: () => new Error("top", { cause: "only text" }),
  cycle,
  aggregate: () =>
    new AggregateError([new TypeError("first"), coded("second", "ESECOND"), "third"], "several"),
  domException: () => new DOMException("it was aborted", "AbortError"),
  nested: () => Object.assign(new Error("outside"), { original: new TypeError("inside") }),
  getter: withGetter,
  stack: () => Object.assign(new Error("odd stack"), { stack: 42 }),
  frozen: () => Object.freeze(new Error("frozen")),
  methods: () => Object.assign(new Error("with a method"), { retry: (): void => {}, kept: true }),
  proxy: hostileProxy,
  function: () => ({ fn: (): void => {} }),
  symbol: () => Symbol("thrown"),
};

/** Tasks about errors. */
export const errorFunctions = {
  fail(kind: FailureKind): never {
    throw makers[kind]();
  },

  failLater: async (kind: FailureKind): Promise<never> => {
    await Promise.resolve();
    throw makers[kind]();
  },

  /** Throws its input. */
  throwValue(value: unknown): never {
    throw value;
  },

  /** Fails for odd numbers. */
  failOdd(n: number): number {
    if (n % 2 === 1) throw new ConformanceError(`${n} is odd`, n);
    return n;
  },

  /** Fails for one of its inputs. */
  failAt({ n, at }: { n: number; at: number }): number {
    if (n === at) throw new ConformanceError(`failed at ${n}`, n);
    return n;
  },
};
