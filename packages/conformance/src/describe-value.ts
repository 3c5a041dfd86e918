const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/**
 * Writes a value out with everything that structured clone keeps of it, cycles included. Two values that read
 * the same are the same to this suite; a task can write out what it got, and the case compare the texts.
 */
export function describeValue(value: unknown, seen: Map<object, number> = new Map()): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "function";
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "symbol") return value.toString();
  if (typeof value !== "object" || value === null) return `${value as undefined}`;
  const known = seen.get(value);
  if (known !== undefined) return `#${known}`;
  seen.set(value, seen.size);
  const tag = tagOf(value);
  const inner = (part: unknown): string => describeValue(part, seen);
  return `${tag}(${[...contents(value, tag, inner), ...properties(value, tag, inner)].join(", ")})`;
}

type Inner = (part: unknown) => string;

function* contents(value: object, tag: string, inner: Inner): Iterable<string> {
  if (value instanceof Map) {
    for (const [key, item] of value) yield `${inner(key)} => ${inner(item)}`;
  } else if (value instanceof Set) {
    for (const item of value) yield inner(item);
  } else if (ArrayBuffer.isView(value)) {
    yield `${value.byteOffset}`;
    yield bytes(value.buffer, value.byteOffset, value.byteLength);
  } else if (tag === "ArrayBuffer" || tag === "SharedArrayBuffer") {
    yield bytes(value as ArrayBufferLike);
  } else if (tag === "RegExp") {
    yield (value as RegExp).toString();
  } else if (
    tag === "Date" ||
    tag === "BigInt" ||
    tag === "Boolean" ||
    tag === "Number" ||
    tag === "String"
  ) {
    yield inner((value as { valueOf(): unknown }).valueOf());
  } else if (tag === "Error" || tag === "DOMException") {
    const { name, message, cause } = value as Error;
    yield `${name}: ${message}`;
    if (cause !== undefined) yield `cause: ${inner(cause)}`;
  }
}

const bytes = (buffer: ArrayBufferLike, offset?: number, length?: number): string =>
  new Uint8Array(buffer, offset, length).join(" ");

function* properties(value: object, tag: string, inner: Inner): Iterable<string> {
  if (Array.isArray(value)) {
    // By index, so that a hole differs from undefined.
    for (let index = 0; index < value.length; index++) {
      yield index in value ? inner(value[index]) : "hole";
    }
  } else if (tag === "Object" || tag === "Error") {
    for (const [key, item] of Object.entries(value)) yield `${JSON.stringify(key)}: ${inner(item)}`;
  }
}
