import { InvalidOptionError } from "@quintet/core";

/** What has events: an `EventTarget`, or an emitter as Node and libraries have them. */
export type EventSourceLike =
  | {
      addEventListener(name: string, listener: (event: unknown) => void): unknown;
      removeEventListener(name: string, listener: (event: unknown) => void): unknown;
    }
  | {
      on(name: string, listener: (...values: unknown[]) => void): unknown;
      off(name: string, listener: (...values: unknown[]) => void): unknown;
    };

/**
 * Listens until the function it gives is called. Several values of one event come as an array.
 *
 * *Errors*: `INVALID_OPTION` for what has no events.
 */
export function listen(
  owner: string,
  source: EventSourceLike,
  name: string,
  listener: (value: unknown) => void,
): () => void {
  const handler = (...values: unknown[]): void => listener(values.length > 1 ? values : values[0]);
  if (isTarget(source)) {
    source.addEventListener(name, handler);
    return () => void source.removeEventListener(name, handler);
  }
  if (isEmitter(source)) {
    source.on(name, handler);
    return () => void source.off(name, handler);
  }
  throw new InvalidOptionError(
    `${owner} takes an EventTarget or an emitter with on() and off(), got ${source === null ? "null" : typeof source}.`,
  );
}

type Emitter = Extract<EventSourceLike, { on: unknown }>;
type Target = Exclude<EventSourceLike, Emitter>;

const has = (value: unknown, ...names: readonly string[]): boolean =>
  names.every((name) => typeof (Object(value) as Record<string, unknown>)[name] === "function");

const isTarget = (source: unknown): source is Target =>
  has(source, "addEventListener", "removeEventListener");

/** An emitter throws what is emitted as "error" where nobody listens for it; an `EventTarget` does not. */
export const isEmitter = (source: unknown): source is Emitter =>
  !isTarget(source) && has(source, "on", "off");
