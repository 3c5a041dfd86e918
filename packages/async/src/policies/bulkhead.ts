import { type Policy, QueueFullError, type Semaphore } from "@quintet/core";
import {
  type Clock,
  duration,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { holdingPermit } from "./holding.ts";
import { slotSource } from "./slot-source.ts";

/** Options of `bulkhead`. */
export interface BulkheadOptions {
  /** How many calls may wait for a slot. Default: 0. */
  readonly queue?: number | undefined;
  /** The longest wait for a slot, in milliseconds. Default: `Infinity`. */
  readonly wait?: number | undefined;
  /** Where time comes from, for tests; a semaphore has its own. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Lets so many calls run at a time and so many wait, and refuses the others at once: what is slow cannot gather calls
 * without end, and leaves room for what is not. Use one for each thing that can be slow by itself. A semaphore in place
 * of the number is shared with whoever else uses it; who waits for it counts, whoever it is.
 *
 * A slot is taken until the function has ended, also when a `timeout` or `hedge` inside has answered for it before.
 *
 * *Ordering*: first come first; a newcomer never takes a slot that one who waits is about to get.
 * *Cancellation*: an abort while it waits rejects at once with `signal.reason`, and no slot is lost.
 * *Errors*: the operation's own; `QUEUE_FULL`; `TIMEOUT` after `wait`; `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { bulkhead } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * const load = withPolicies((ms: number) => sleep(ms, "loaded"), bulkhead(1, { queue: 1 }));
 * const calls = await Promise.allSettled([load(5), load(5), load(5)]);
 * console.log(calls.map((call) => (call.status === "fulfilled" ? call.value : call.reason.code)));
 * // => [ 'loaded', 'loaded', 'QUEUE_FULL' ]
 * ```
 */
export function bulkhead(slots: number | Semaphore, options?: BulkheadOptions): Policy {
  const checked = validateOptions<BulkheadOptions>("bulkhead()", options, {
    queue: wholeNumber(0, true),
    wait: duration(true),
    clock: typed("object"),
  });
  const { queue = 0, wait, clock = systemClock } = checked;
  const source = slotSource("bulkhead()", slots, clock);
  return (next) => async (input, call) => {
    const { signal } = call;
    signal.throwIfAborted();
    let permit = source.tryAcquire();
    if (!permit) {
      if (source.waiting >= queue) throw full(queue);
      permit = await source.acquire({ signal, timeout: wait });
    }
    return holdingPermit(permit, next, input, call);
  };
}

const full = (queue: number): QueueFullError =>
  new QueueFullError(`bulkhead(): every slot is taken, and ${queue} calls wait already.`);
