import { NotCloneableError } from "@quintet/core";

/** Values that share nothing with others and cannot fail to travel. */
export function isPrimitive(value: unknown): boolean {
  return (
    (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol") ||
    value === null
  );
}

/** Whether a value survives structured clone. *Cost*: that of cloning it. */
export function travels(value: unknown): boolean {
  if (isPrimitive(value)) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Says why a value could not travel, naming the guilty property.
 * `what` begins the sentence, `root` the path: `input` in `input.options.onDone`.
 */
export function notCloneable(
  what: string,
  root: string,
  value: unknown,
  cause: unknown,
): NotCloneableError {
  const { path, problem } = findUncloneable(value, root, new Set()) ?? {
    path: root,
    problem: String(cause),
  };
  return new NotCloneableError(
    `${what} cannot travel between threads or processes: ${path} ${problem}.`,
    path,
    { cause },
  );
}

interface Finding {
  readonly path: string;
  readonly problem: string;
}

/** Looks inside first: an object cannot travel because of its innermost guilty part. */
function findUncloneable(value: unknown, path: string, seen: Set<unknown>): Finding | undefined {
  if (typeof value === "function") return { path, problem: "is a function" };
  if (typeof value === "symbol") return { path, problem: "is a symbol" };
  if (isPrimitive(value) || seen.has(value) || travels(value)) return undefined;
  seen.add(value);
  for (const [childPath, child] of children(value as object, path)) {
    const finding = findUncloneable(child, childPath, seen);
    if (finding) return finding;
  }
  return { path, problem: `is ${article(className(value as object))}` };
}

function* children(value: object, path: string): Iterable<[path: string, child: unknown]> {
  if (value instanceof Map) {
    for (const [key, item] of value)
      yield* [
        [`${path}.keys()`, key],
        [`${path}.get(${label(key)})`, item],
      ] as [string, unknown][];
  } else if (value instanceof Set) {
    for (const item of value) yield [`${path}.values()`, item];
  } else {
    for (const key of Object.keys(value)) yield [join(path, key, value), read(value, key)];
  }
}

function join(path: string, key: string, owner: object): string {
  if (Array.isArray(owner)) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function read(owner: object, key: string): unknown {
  try {
    return (owner as Record<string, unknown>)[key];
  } catch {
    return undefined; // a getter that throws: the clone has failed with its error, which is the cause
  }
}

const label = (key: unknown): string =>
  typeof key === "string" ? JSON.stringify(key) : typeof key;

const className = (value: object): string =>
  (value.constructor as { name?: string } | undefined)?.name || "object";

const article = (name: string): string => `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
