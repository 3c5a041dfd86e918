import { NotCloneableError } from "@quintet/core";
import { encodeThrown, printed } from "@quintet/core/kit";
import { bytesOf, isTag, viewName } from "./value-tags.ts";

/** How deep values may nest, on both sides: whoever walks them goes down some calls for each level. */
export const deepest = 500;

/** A value as JSON can hold it. */
export interface EncodedValue {
  readonly json: unknown;
  /** Roughly how long its text is: never less than a third of it. */
  readonly size: number;
}

/**
 * Turns a value into what JSON can hold. Plain values stay readable; others are objects whose one key begins with `$`,
 * such as `{ "$date": 0 }`. Objects that occur twice, also in a cycle, are `{ "$ref": n }`: the n-th container met.
 *
 * - `root`: what the value is called in messages, such as `input`.
 *
 * *Errors*: `NOT_CLONEABLE` with the path of what cannot travel.
 */
export function encodeValue(value: unknown, root: string): EncodedValue {
  const encoder = new Encoder();
  const json = encoder.encode(value, [root]);
  return { json, size: encoder.size };
}

/** What was thrown, as JSON can hold it. Never throws. */
export function encodeError(thrown: unknown): EncodedValue {
  return encodeValue(encodeThrown(thrown, travels), "error");
}

const travels = (value: unknown): boolean => {
  try {
    encodeValue(value, "error");
    return true;
  } catch {
    return false;
  }
};

type Path = (string | number)[];

class Encoder {
  size = 0;
  readonly #seen = new Map<object, number>();

  encode(value: unknown, path: Path): unknown {
    switch (typeof value) {
      case "string":
        this.size += value.length + 2;
        return value;
      case "number":
        this.size += 8;
        return isPlainNumber(value) ? value : { $number: Object.is(value, -0) ? "-0" : `${value}` };
      case "boolean":
        this.size += 5;
        return value;
      case "undefined":
        this.size += 16;
        return { $undefined: 1 };
      case "bigint":
        this.size += 12 + 4 * (value > 2n ** 64n || value < -(2n ** 64n) ? 20 : 5);
        return { $bigint: value.toString() };
      case "object":
        return value === null ? this.#plain(4, null) : this.#object(value, path);
      default:
        throw refused(value, path);
    }
  }

  #plain(size: number, json: unknown): unknown {
    this.size += size;
    return json;
  }

  #object(value: object, path: Path): unknown {
    const known = this.#seen.get(value);
    if (known !== undefined) return this.#plain(12, { $ref: known });
    if (path.length > deepest) {
      throw new NotCloneableError(
        `${shownPath(path.slice(0, 6))}… nests deeper than ${deepest} levels; a queue carries flatter values.`,
        shownPath(path),
      );
    }
    this.#seen.set(value, this.#seen.size);
    this.size += 2;
    try {
      return this.#byKind(value, path);
    } catch (error) {
      if (error instanceof NotCloneableError) throw error;
      // A getter or a proxy that throws.
      throw new NotCloneableError(
        `${shownPath(path)} cannot be read: ${printed(error)}.`,
        shownPath(path),
        { cause: error },
      );
    }
  }

  #byKind(value: object, path: Path): unknown {
    if (Array.isArray(value)) return this.#array(value, path);
    switch (Object.prototype.toString.call(value)) {
      case "[object Object]":
        return this.#properties(value as Record<string, unknown>, path);
      case "[object Date]":
        return this.#plain(24, { $date: timeOf(value as Date) });
      case "[object Map]":
        return { $map: this.#entries([...(value as Map<unknown, unknown>)], path) };
      case "[object Set]":
        return { $set: this.#list([...(value as Set<unknown>)], path) };
      case "[object RegExp]": {
        const { source, flags } = value as RegExp;
        return this.#plain(source.length + 24, { $regexp: [source, flags] });
      }
      case "[object Boolean]":
      case "[object Number]":
      case "[object String]":
      case "[object BigInt]":
        return { $box: this.encode((value as { valueOf(): unknown }).valueOf(), path) };
      case "[object Error]":
      case "[object DOMException]":
        return { $error: this.#error(value, path) };
      default:
        return this.#binary(value, path);
    }
  }

  #error(value: object, path: Path): unknown {
    return this.encode(encodeThrown(value, travels), path);
  }

  #binary(value: object, path: Path): unknown {
    const name = viewName(value);
    if (!name) throw refused(value, path);
    const text = bytesOf(value).toString("base64");
    this.size += text.length + 24;
    return { $bytes: [name, text] };
  }

  #array(value: readonly unknown[], path: Path): unknown[] {
    const { length } = value;
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) {
      if (!(index in value)) {
        list.push(this.#plain(10, { $hole: 1 }));
        continue;
      }
      path.push(index);
      list.push(this.encode(value[index], path));
      path.pop();
      this.size++;
    }
    return list;
  }

  #list(values: readonly unknown[], path: Path): unknown[] {
    return values.map((value, index) => {
      path.push(index);
      const json = this.encode(value, path);
      path.pop();
      return json;
    });
  }

  #entries(entries: readonly (readonly [unknown, unknown])[], path: Path): unknown[] {
    return entries.map(([key, value]) => {
      path.push(typeof key === "string" || typeof key === "number" ? key : "key");
      const json = [this.encode(key, path), this.encode(value, path)];
      path.pop();
      return json;
    });
  }

  #properties(value: Record<string, unknown>, path: Path): unknown {
    const json: Record<string, unknown> = {};
    const keys = Object.keys(value);
    for (const key of keys) {
      path.push(key);
      const encoded = this.encode(value[key], path);
      path.pop();
      this.size += key.length + 4;
      if (key === "__proto__") define(json, key, encoded);
      else json[key] = encoded;
    }
    return keys.length === 1 && isTag(keys[0] as string) ? { $plain: json } : json;
  }
}

const isPlainNumber = (value: number): boolean =>
  Number.isFinite(value) && (value !== 0 || !Object.is(value, -0));

const timeOf = (date: Date): number | null => {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? null : time;
};

const define = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
};

function refused(value: unknown, path: Path): NotCloneableError {
  const kind =
    typeof value === "object"
      ? Object.prototype.toString.call(value).slice(8, -1)
      : `a ${typeof value}`;
  const where = shownPath(path);
  return new NotCloneableError(
    `${where} is ${kind === "SharedArrayBuffer" ? "shared memory" : kind}, which cannot travel over a queue.`,
    where,
  );
}

/** As one writes it: `input.options["a b"][0]`. */
function shownPath([root = "", ...rest]: Path): string {
  const steps = rest.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return `${root}${steps.join("")}`;
}
