import { decodeThrown, type EncodedThrown } from "@quintet/core/kit";
import { deepest } from "./encode-value.ts";
import { MalformedError } from "../queue-errors.ts";
import { isTag, viewOf } from "./value-tags.ts";

type Json = Record<string, unknown>;

/**
 * Makes the value again of what `encodeValue` gave. Changes the tree it is given, which must come from `JSON.parse`.
 *
 * *Errors*: `MALFORMED` for what `encodeValue` cannot have made.
 */
export function decodeValue(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  try {
    return new Decoder().decode(json, 0);
  } catch (cause) {
    throw new MalformedError(`A value that came over the queue is damaged or hostile.`, { cause });
  }
}

/** Makes again what was thrown; `where` becomes the last line of an error's stack. *Errors*: `MALFORMED`. */
export function decodeError(json: unknown, where?: string): unknown {
  const encoded = decodeValue(json);
  try {
    return decodeThrown(encoded as EncodedThrown, where);
  } catch (cause) {
    throw new MalformedError(`An error that came over the queue is damaged or hostile.`, { cause });
  }
}

class Decoder {
  /** Containers in the order they were met, which is that of the encoder. */
  readonly #met: unknown[] = [];

  decode(json: unknown, depth: number): unknown {
    if (typeof json !== "object" || json === null) return json;
    // Tags of tags take a level more than the values they stand for.
    if (depth > 2 * deepest) throw new RangeError("It nests too deep.");
    if (Array.isArray(json)) {
      this.#met.push(json);
      return this.#list(json, depth);
    }
    const keys = Object.keys(json);
    if (keys.length === 1 && isTag(keys[0] as string)) {
      return this.#tagged(keys[0] as string, (json as Json)[keys[0] as string], depth);
    }
    this.#met.push(json);
    return this.#properties(json as Json, keys, depth);
  }

  #list(json: unknown[], depth: number): unknown[] {
    for (let index = 0; index < json.length; index++) {
      const value = json[index];
      if (typeof value !== "object" || value === null) continue;
      if (isHole(value)) Reflect.deleteProperty(json, index);
      else json[index] = this.decode(value, depth + 1);
    }
    return json;
  }

  // A key "__proto__" is an own property of what JSON.parse gives, so writing to it sets no prototype.
  #properties(json: Json, keys: readonly string[], depth: number): Json {
    for (const key of keys) {
      const value = json[key];
      if (typeof value === "object" && value !== null) json[key] = this.decode(value, depth + 1);
    }
    return json;
  }

  #tagged(tag: string, content: unknown, depth: number): unknown {
    switch (tag) {
      case "$undefined":
        return undefined;
      case "$number":
        return numberOf(content);
      case "$bigint":
        return bigintOf(content);
      case "$ref":
        return this.#reference(content);
      case "$plain":
        return this.#plain(content, depth);
      default:
        return this.#container(tag, content, depth);
    }
  }

  /** Takes its place among the containers before what is in it. */
  #container(tag: string, content: unknown, depth: number): unknown {
    const place = this.#met.push(undefined) - 1;
    const value = this.#make(tag, content, depth, place);
    this.#met[place] = value;
    return value;
  }

  #make(tag: string, content: unknown, depth: number, place: number): unknown {
    switch (tag) {
      case "$date":
        return new Date(content === null ? Number.NaN : finite(content));
      case "$regexp": {
        const [source, flags] = pair(content);
        return new RegExp(text(source), text(flags));
      }
      case "$bytes":
        return viewOf(...pair(content));
      case "$box":
        return Object(this.decode(content, depth + 1));
      case "$map": {
        const map = new Map<unknown, unknown>();
        this.#met[place] = map;
        for (const entry of list(content)) {
          const [key, value] = pair(entry);
          const decoded = this.decode(key, depth + 1);
          map.set(decoded, this.decode(value, depth + 1));
        }
        return map;
      }
      case "$set": {
        const set = new Set<unknown>();
        this.#met[place] = set;
        for (const value of list(content)) set.add(this.decode(value, depth + 1));
        return set;
      }
      case "$error":
        return decodeThrown(this.decode(content, depth + 1) as EncodedThrown);
      default:
        throw new TypeError("There is no such tag.");
    }
  }

  #plain(content: unknown, depth: number): unknown {
    if (typeof content !== "object" || content === null || Array.isArray(content)) {
      throw new TypeError("What should be an object is none.");
    }
    this.#met.push(content);
    return this.#properties(content as Json, Object.keys(content), depth);
  }

  #reference(content: unknown): unknown {
    const met = this.#met;
    if (
      !Number.isInteger(content) ||
      !((content as number) >= 0 && (content as number) < met.length)
    ) {
      throw new TypeError("A reference leads nowhere.");
    }
    return met[content as number];
  }
}

const isHole = (value: object): boolean =>
  Object.hasOwn(value, "$hole") && Object.keys(value).length === 1;

function list(content: unknown): readonly unknown[] {
  if (!Array.isArray(content)) throw new TypeError("What should be a list is none.");
  return content;
}

function pair(content: unknown): [unknown, unknown] {
  const [first, second] = list(content);
  return [first, second];
}

function text(content: unknown): string {
  if (typeof content !== "string") throw new TypeError("What should be a text is none.");
  return content;
}

function finite(content: unknown): number {
  if (typeof content !== "number") throw new TypeError("What should be a number is none.");
  return content;
}

const numbers = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

function numberOf(content: unknown): number {
  const number = numbers.get(content);
  if (number === undefined) throw new TypeError("What should be a number is none.");
  return number;
}

// A million digits take V8 seconds to read.
function bigintOf(content: unknown): bigint {
  const digits = text(content);
  if (digits.length > 100_000 || !/^-?\d+$/.test(digits)) throw new TypeError("It is no bigint.");
  return BigInt(digits);
}
