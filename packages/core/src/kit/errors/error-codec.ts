import { registeredError } from "../../error-registry.ts";
import { isQuintetError } from "../../errors.ts";
import { markForeign } from "./join-stack.ts";
import { printed } from "./printed.ts";

/** An error as plain data: survives structured clone, which drops `code`, own properties and most classes. */
export interface EncodedError {
  readonly kind: "error";
  /** The nearest class that the other side may know. */
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  cause?: EncodedThrown;
  errors?: EncodedThrown[];
  /** Own properties that can travel. */
  properties?: Record<string, EncodedThrown>;
}

/** Whatever was thrown. */
export type EncodedThrown = EncodedError | { readonly kind: "value"; readonly value: unknown };

const natives: Record<string, new (message: string) => Error> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Own properties with a place of their own in the encoding. */
const reserved = new Set(["name", "message", "stack", "cause", "errors"]);

/** How deep causes may nest: cloning goes down some calls for each, and getters may make new errors without end. */
const deepest = 100;

/** How many errors are encoded with all they hold. */
const most = 10_000;

/**
 * Turns what was thrown into plain data. Errors keep class, name, message, stack, code, own properties, cause
 * and, for an aggregate, its errors; also in a cycle. Anything else stays as it is.
 *
 * Own properties that cannot travel, functions for example, are left out, as are causes of causes more than a
 * hundred levels down; `travels` decides. Never throws.
 */
export function encodeThrown(thrown: unknown, travels: (value: unknown) => boolean): EncodedThrown {
  return encode(thrown, { travels, seen: new Map(), depth: 0 });
}

interface Encoding {
  readonly travels: (value: unknown) => boolean;
  readonly seen: Map<unknown, EncodedError>;
  depth: number;
}

function encode(thrown: unknown, encoding: Encoding): EncodedThrown {
  if (isErrorLike(thrown)) return encodeError(thrown, encoding);
  if (typeof thrown !== "symbol" && encoding.travels(thrown)) {
    return { kind: "value", value: thrown };
  }
  const message = `The task threw a value that cannot travel: ${printed(thrown)}`;
  return encodeError(new TypeError(message), encoding);
}

function encodeError(error: Error, encoding: Encoding): EncodedError {
  const known = encoding.seen.get(error);
  if (known) return known;
  const encoded: EncodedError = {
    kind: "error",
    class: className(error),
    name: text(read(error, "name"), "Error"),
    message: text(read(error, "message"), ""),
    stack: text(read(error, "stack"), ""),
  };
  encoding.seen.set(error, encoded);
  if (encoding.depth === deepest || encoding.seen.size > most) return encoded;
  encoding.depth++;
  if (has(error, "cause")) encoded.cause = encode(read(error, "cause"), encoding);
  if (encoded.class === "AggregateError") {
    encoded.errors = elements(read(error, "errors")).map((inner) => encode(inner, encoding));
  }
  const properties = encodeProperties(error, encoding);
  if (properties.length > 0) encoded.properties = Object.fromEntries(properties);
  encoding.depth--;
  return encoded;
}

function encodeProperties(error: Error, encoding: Encoding): [string, EncodedThrown][] {
  const properties: [string, EncodedThrown][] = [];
  for (const key of ownKeys(error)) {
    if (reserved.has(key)) continue;
    const value = read(error, key);
    if (isErrorLike(value)) properties.push([key, encodeError(value, encoding)]);
    else if (typeof value !== "symbol" && encoding.travels(value))
      properties.push([key, { kind: "value", value }]);
  }
  return properties;
}

/**
 * Makes the error again. Its class is the native or registered one of that name, else `Error` with the name set.
 * `where`, for example `"thread 3"`, becomes the last line of its stack.
 */
export function decodeThrown(
  encoded: EncodedThrown,
  where?: string,
  seen: Map<EncodedThrown, Error> = new Map(),
): unknown {
  if (encoded.kind === "value") return encoded.value;
  const known = seen.get(encoded);
  if (known) return known;
  const error = create(encoded);
  seen.set(encoded, error);
  if (where) markForeign(error);
  define(error, "stack", where ? `${encoded.stack}\n    at ${where}` : encoded.stack);
  if (encoded.cause) define(error, "cause", decodeThrown(encoded.cause, undefined, seen));
  if (encoded.errors) {
    define(
      error,
      "errors",
      encoded.errors.map((inner) => decodeThrown(inner, undefined, seen)),
    );
  }
  for (const [key, value] of Object.entries(encoded.properties ?? {})) {
    define(error, key, decodeThrown(value, undefined, seen), true);
  }
  return error;
}

function create(encoded: EncodedError): Error {
  const { message, name } = encoded;
  if (encoded.class === "DOMException") return new DOMException(message, name);
  if (encoded.class === "AggregateError") return named(new AggregateError([], message), name);
  const registered = registeredError(encoded.class);
  if (registered) {
    const error = new Error(message);
    Object.setPrototypeOf(error, registered.prototype);
    return named(error, name);
  }
  return named(new (nativeOf(encoded.class) ?? Error)(message), name);
}

function named(error: Error, name: string): Error {
  if (error.name !== name) define(error, "name", name);
  return error;
}

// Defined, not assigned: a key may be "__proto__", and a DOMException has no setters.
function define(error: Error, key: string, value: unknown, enumerable: boolean = false): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}

function isErrorLike(value: unknown): value is Error {
  try {
    // The last is for errors of another realm, for example of a `node:vm` context.
    return (
      value instanceof Error ||
      value instanceof DOMException ||
      Object.prototype.toString.call(value) === "[object Error]"
    );
  } catch {
    return false; // a proxy whose traps throw
  }
}

/** The first class on the prototype chain that is registered or native. */
function className(error: Error): string {
  try {
    if (error instanceof DOMException) return "DOMException";
    for (let at: unknown = Object.getPrototypeOf(error); at; at = Object.getPrototypeOf(at)) {
      const { name } = (at as { constructor: { name: string } }).constructor;
      const native = name === "AggregateError" ? AggregateError : nativeOf(name);
      if (native?.prototype === at || isRegistered(name, at)) return name;
    }
  } catch {
    // A proxy, or a constructor with a throwing name: "Error" describes it well enough.
  }
  return "Error";
}

const nativeOf = (name: string): (typeof natives)[string] | undefined =>
  Object.hasOwn(natives, name) ? natives[name] : undefined;

// Of our own classes a second copy of the package may have registered its own.
function isRegistered(name: string, prototype: object): boolean {
  const registered = registeredError(name)?.prototype;
  if (!registered || registered === prototype) return registered === prototype;
  return isQuintetError(registered) && isQuintetError(prototype);
}

/** The elements of an array that may be a proxy, or revoked. */
function elements(value: unknown): unknown[] {
  try {
    return Array.isArray(value) ? Array.from(value as unknown[]) : [];
  } catch {
    return [];
  }
}

/** Reads a property that may be a getter that throws. */
function read(target: Error, key: string): unknown {
  try {
    return (target as unknown as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function has(target: Error, key: string): boolean {
  try {
    return key in target;
  } catch {
    return false;
  }
}

function ownKeys(error: Error): string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

const text = (value: unknown, fallback: string): string =>
  typeof value === "string" ? value : fallback;
