import { NotCloneableError } from "../../errors.ts";
import { printed } from "../errors/printed.ts";
import { isPrimitive } from "../is-primitive.ts";

/** Tells whether a value can be sent to a worker, or from it. Never throws. */
export type Travels = (value: unknown) => boolean;

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
 * Says why a value could not travel, naming the guilty property. Never throws, whatever the value does.
 * `what` begins the sentence, `root` the path: `input` in `input.options.onDone`.
 */
export function notCloneable(
  what: string,
  root: string,
  value: unknown,
  cause: unknown,
  canTravel: Travels = travels,
): NotCloneableError {
  const { path, problem } = search(value, root, canTravel) ?? {
    path: root,
    problem: `failed: ${printed(cause)}`,
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

function search(value: unknown, root: string, canTravel: Travels): Finding | undefined {
  try {
    return findUncloneable(value, root, canTravel, new Set());
  } catch {
    return undefined; // a proxy whose traps throw, or too deep to walk
  }
}

/** Looks inside first: an object cannot travel because of its innermost guilty part. */
function findUncloneable(
  value: unknown,
  path: string,
  canTravel: Travels,
  seen: Set<unknown>,
): Finding | undefined {
  if (typeof value === "function") return { path, problem: "is a function" };
  if (typeof value === "symbol") return { path, problem: "is a symbol" };
  if (isPrimitive(value) || seen.has(value) || canTravel(value)) return undefined;
  seen.add(value);
  for (const [childPath, read] of children(value as object, path)) {
    let child: unknown;
    try {
      child = read();
    } catch (error) {
      return { path: childPath, problem: `cannot be read (${printed(error)})` };
    }
    const finding = findUncloneable(child, childPath, canTravel, seen);
    if (finding) return finding;
  }
  return { path, problem: `is ${article(className(value as object))}` };
}

type Child = [path: string, read: () => unknown];

/** What structured clone looks at: entries, or own enumerable properties and the cause of an error. */
function* children(value: object, path: string): Iterable<Child> {
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield [`${path}.keys()`, () => key] satisfies Child;
      yield [`${path}.get(${label(key)})`, () => item] satisfies Child;
    }
  } else if (value instanceof Set) {
    for (const item of value) yield [`${path}.values()`, () => item];
  } else if (value instanceof Error) {
    yield [`${path}.cause`, () => value.cause];
  } else {
    for (const key of Object.keys(value))
      yield [join(path, key, value), () => (value as Record<string, unknown>)[key]];
  }
}

function join(path: string, key: string, owner: object): string {
  if (Array.isArray(owner)) return `${path}[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

const label = (key: unknown): string =>
  typeof key === "string" ? JSON.stringify(key) : typeof key;

function className(value: object): string {
  try {
    return (value.constructor as { name?: string } | undefined)?.name || "object";
  } catch {
    return "object";
  }
}

const article = (name: string): string => `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
