import { runRules, typed, validateOptions } from "@quintet/core/kit";
import { execute } from "./execute.ts";
import { type EventSourceLike, isEmitter, listen } from "./listen.ts";

/** Options of `fromEvent`. */
export interface FromEventOptions<Event> {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Waits for an event for which it gives true. Default: the next one. */
  readonly filter?: ((event: Event) => boolean) | undefined;
}

/**
 * Resolves with the next event of a name: an `Event` of an `EventTarget`, or what an emitter emits, as an array where
 * that are several values.
 *
 * *Cancellation*: rejects with `signal.reason`; it listens no more.
 * *Errors*: what an emitter emits as `"error"` meanwhile, what `filter` throws, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { EventEmitter } from "node:events";
 * import { fromEvent } from "@quintet/async";
 *
 * const server = new EventEmitter();
 * const listening = fromEvent<number>(server, "listening", { filter: (port) => port > 1024 });
 * server.emit("listening", 80);
 * server.emit("listening", 8080);
 * console.log(await listening); // => 8080
 * ```
 */
export async function fromEvent<Event = unknown>(
  source: EventSourceLike,
  name: string,
  options?: FromEventOptions<Event>,
): Promise<Event> {
  const { signal, filter } = validateOptions<FromEventOptions<Event>>(
    "fromEvent()",
    options,
    rules,
  );
  const leave: (() => void)[] = [];
  const begin = (resolve: (event: Event) => void, reject: (reason: unknown) => void): void => {
    const take = (event: unknown): void => {
      try {
        if (!filter || filter(event as Event)) resolve(event as Event);
      } catch (error) {
        reject(error);
      }
    };
    leave.push(listen("fromEvent()", source, name, take));
    if (name !== "error" && isEmitter(source)) {
      leave.push(listen("fromEvent()", source, "error", reject));
    }
  };
  try {
    return await execute(signal, begin);
  } finally {
    for (const each of leave) each();
  }
}

const rules = /* @__PURE__ */ (() => ({ signal: runRules.signal, filter: typed("function") }))();
