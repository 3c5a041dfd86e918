import { type Overflow, QueueFullError } from "@quintet/core";
import {
  type AbortRegistration,
  matching,
  onAbort,
  runRules,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { PushedItems } from "../pushed-items.ts";
import { type EventSourceLike, isEmitter, listen } from "./listen.ts";

/** Options of `events`. */
export interface EventsOptions {
  /** Ends the loop, which throws its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The name of an event after which no more come, such as `"close"`. Default: none. */
  readonly end?: string | undefined;
  /** How many events may wait for the loop; events cannot be held back where they come from. Default: 1024. */
  readonly capacity?: number | undefined;
  /** What happens to one more: the loop fails with `QUEUE_FULL`, or an event is dropped. Default: `"error"`. */
  readonly overflow?: Exclude<Overflow, "block"> | undefined;
}

/**
 * Iterates over the events of a name, from the first `next()` on; see `fromEvent` for what they are.
 *
 * *Ordering*: the order in which they come.
 * *Cancellation*: leaving the loop, or `signal`, stops listening.
 * *Errors*: what an emitter emits as `"error"` comes after the events before it; `QUEUE_FULL`, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { EventEmitter } from "node:events";
 * import { events } from "@quintet/async";
 *
 * const socket = new EventEmitter();
 * queueMicrotask(() => ["a", "b"].forEach((text) => socket.emit("message", text)));
 * queueMicrotask(() => socket.emit("close"));
 * for await (const text of events<string>(socket, "message", { end: "close" })) console.log(text);
 * // => a
 * // => b
 * ```
 */
export function events<Event = unknown>(
  source: EventSourceLike,
  name: string,
  options?: EventsOptions,
): AsyncGenerator<Event, undefined, void> {
  const {
    signal,
    end,
    capacity = 1024,
    overflow = "error",
  } = validateOptions<EventsOptions>("events()", options, rules);
  const leave: (() => void)[] = [];
  let registration: AbortRegistration | undefined;
  const stop = (): void => {
    registration?.leave();
    for (const each of leave.splice(0)) each();
  };
  const fail = (reason: unknown): void => {
    stop();
    items.fail(reason);
  };
  const finish = (error?: { readonly reason: unknown }): void => {
    stop();
    items.end(error);
  };
  const take = (event: unknown): void => {
    if (items.size < capacity || items.waiting > 0) return items.push(event as Event);
    if (overflow === "error") return fail(overflown(name, capacity));
    if (overflow === "drop-newest") return;
    items.drop();
    items.push(event as Event);
  };
  const begin = (): void => {
    if (signal?.aborted) return fail(signal.reason);
    if (signal) registration = onAbort(signal, fail);
    const on = (event: string, listener: (value: unknown) => void): void => {
      leave.push(listen("events()", source, event, listener));
    };
    on(name, take);
    if (end !== undefined) on(end, () => finish());
    if (name !== "error" && isEmitter(source)) on("error", (reason) => finish({ reason }));
  };
  const items = new PushedItems<Event>({
    start: () => {
      try {
        begin();
      } catch (error) {
        fail(error);
      }
    },
    stop,
  });
  return items;
}

const overflown = (name: string, capacity: number): QueueFullError =>
  new QueueFullError(
    `events(): ${capacity} "${name}" events wait for the loop. Make the loop quicker, give it more capacity, or let it drop some with overflow.`,
  );

const ways = ["error", "drop-oldest", "drop-newest"];

const rules = /* @__PURE__ */ (() => ({
  signal: runRules.signal,
  end: typed("string"),
  capacity: wholeNumber(1, true),
  overflow: matching('"error", "drop-oldest" or "drop-newest"', (value) =>
    ways.includes(value as string),
  ),
}))();
