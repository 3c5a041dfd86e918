import type { Call, Operation, Policy } from "@quintet/core";
import { typed, validateOptions } from "@quintet/core/kit";
import { Flight } from "./flight.ts";
import { started } from "./leg.ts";

/** Options of `dedupe`. */
export interface DedupeOptions {
  /** What calls have in common that are the same; compared as a `Map` compares keys. Default: the input itself. */
  readonly key?: ((input: never) => unknown) | undefined;
}

/** A policy that can be told to forget. */
export interface Dedupe extends Policy {
  /** Lets the next call of this key be made anew; those under way are still answered. */
  forget(key: unknown): void;
}

/**
 * Makes calls of the same function or task with the same key one, as long as that is under way: the others join it and
 * get its answer, or its error. Nothing is kept afterwards: it is no cache. All get the same object, so they must not
 * change it. The call is made with the options and in the async context of the first. Streams are never joined.
 *
 * *Cancellation*: a caller that aborts gets its own `signal.reason` at once. The call is aborted only when all callers
 * have given up; from that moment on a newcomer starts another.
 * *Errors*: the operation's own, the same for all; what `key` throws; `INVALID_OPTION`.
 * *Cost*: O(1) to join and to leave.
 *
 * @example
 * ```ts
 * import { setTimeout as sleep } from "node:timers/promises";
 * import { dedupe } from "@quintet/async";
 * import { withPolicies } from "@quintet/core";
 *
 * let calls = 0;
 * const load = withPolicies(
 *   (user: { readonly id: number }) => sleep(5, `user ${user.id}, call ${++calls}`),
 *   dedupe({ key: (user: { readonly id: number }) => user.id }),
 * );
 * console.log(await Promise.all([load({ id: 1 }), load({ id: 1 })]));
 * // => [ 'user 1, call 1', 'user 1, call 1' ]
 * ```
 */
export function dedupe(options?: DedupeOptions): Dedupe {
  const { key = (input: unknown) => input } = validateOptions<DedupeOptions>("dedupe()", options, {
    key: typed("function"),
  });
  /** By key, and then by what is called. */
  const flights = new Map<unknown, Map<object, Flight>>();

  function join(
    start: (call: Call) => Promise<unknown>,
    call: Call,
    target: object,
    id: unknown,
  ): Promise<unknown> {
    let targets = flights.get(id);
    if (!targets) flights.set(id, (targets = new Map()));
    const known = targets.get(target);
    if (known) return known.join(call);
    const own = targets;
    const flight = new Flight(() => {
      // It may have been forgotten, and another one be under way in its place.
      if (own.get(target) === flight) own.delete(target);
      if (own.size === 0 && flights.get(id) === own) flights.delete(id);
    });
    own.set(target, flight);
    const answer = flight.join(call);
    flight.start(start, call);
    return answer;
  }

  const policy =
    <Input, Output>(next: Operation<Input, Output>): Operation<Input, Output> =>
    async (input, call) => {
      call.signal.throwIfAborted();
      if (!call.target) return await next(input, call); // a stream, for example
      const start = (inner: Call): Promise<Output> => started(next, input, inner);
      const answer = join(start, call, call.target, key(input as never));
      return (await answer) as Output;
    };
  const forget = (id: unknown): void => void flights.delete(id);
  return Object.assign(policy, { forget });
}
