import { registeredError } from "../error-registry.ts";
import { markForeign } from "./join-stack.ts";

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

/**
 * Turns what was thrown into plain data. Errors keep class, name, message, stack, code, own properties, cause
 * and, for an aggregate, its errors; also in a cycle. Anything else stays as it is.
 *
 * Own properties that cannot travel, functions for example, are left out; `travels` decides. Never throws.
 */
export function encodeThrown(
  thrown: unknown,
  travels: (value: unknown) => boolean,
  seen: Map<unknown, EncodedError> = new Map(),
): EncodedThrown {
  if (!isErrorLike(thrown)) {
    if (typeof thrown === "symbol" || !travels(thrown)) {
      return encodeThrown(
        new TypeError(`The task threw a value that cannot travel: ${printed(thrown)}`),
        travels,
        seen,
      );
    }
    return { kind: "value", value: thrown };
  }
  const known = seen.get(thrown);
  if (known) return known;
  const encoded: EncodedError = {
    kind: "error",
    class: className(thrown),
    name: text(read(thrown, "name"), "Error"),
    message: text(read(thrown, "message"), ""),
    stack: text(read(thrown, "stack"), ""),
  };
  seen.set(thrown, encoded);
  if (has(thrown, "cause")) encoded.cause = encodeThrown(read(thrown, "cause"), travels, seen);
  const errors = read(thrown, "errors");
  if (thrown instanceof AggregateError && Array.isArray(errors)) {
    encoded.errors = errors.map((error) => encodeThrown(error, travels, seen));
  }
  const properties = encodeProperties(thrown, travels, seen);
  if (properties.length > 0) encoded.properties = Object.fromEntries(properties);
  return encoded;
}

function encodeProperties(
  error: Error,
  travels: (value: unknown) => boolean,
  seen: Map<unknown, EncodedError>,
): [string, EncodedThrown][] {
  const properties: [string, EncodedThrown][] = [];
  for (const key of ownKeys(error)) {
    if (reserved.has(key)) continue;
    const value = read(error, key);
    if (isErrorLike(value)) properties.push([key, encodeThrown(value, travels, seen)]);
    else if (typeof value !== "symbol" && travels(value))
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
  const native = Object.hasOwn(natives, encoded.class) ? natives[encoded.class] : undefined;
  return named(new (native ?? Error)(message), name);
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
    return value instanceof Error || value instanceof DOMException;
  } catch {
    return false; // a proxy whose traps throw
  }
}

/** The first class on the prototype chain that is registered or native. */
function className(error: Error): string {
  try {
    if (error instanceof DOMException) return "DOMException";
    for (
      let proto: unknown = Object.getPrototypeOf(error);
      proto;
      proto = Object.getPrototypeOf(proto)
    ) {
      const { name } = (proto as { constructor: { name: string } }).constructor;
      if (
        name === "AggregateError" ||
        Object.hasOwn(natives, name) ||
        registeredError(name)?.prototype === proto
      ) {
        return name;
      }
    }
  } catch {
    // A proxy, or a constructor with a throwing name: "Error" describes it well enough.
  }
  return "Error";
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

function printed(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}
