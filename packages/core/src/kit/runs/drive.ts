import { isThenable } from "../is-thenable.ts";
import type { RunContext } from "./run-context.ts";

/** Takes an item of the stream; a promise pauses the producer. */
export type Emit = (item: unknown) => void | PromiseLike<void>;

type AnyGenerator = Generator<unknown, unknown> | AsyncGenerator<unknown, unknown>;

/**
 * Brings what a task function returned to its end: awaits it, or runs its generator, handing the items to `emit`.
 * Gives the result itself where nothing had to be awaited, else a promise.
 *
 * *Cancellation*: a generator is ended at its next `yield`, and its `finally` runs to its end; then the reason is
 * thrown. So it is when `emit` throws.
 */
export function drive(returned: unknown, context: Steering, emit?: Emit): unknown {
  if (!isGenerator(returned)) return returned;
  return isSyncGenerator(returned)
    ? driveSync(returned, context, emit)
    : driveAsync(returned, context, emit);
}

/** The part of a context that steers a generator. */
export type Steering = Pick<RunContext, "cancelled" | "reason">;

/** What all native generators have in common, of whichever function they are. */
const nativePrototype: unknown = Object.getPrototypeOf(function* () {}.prototype);

/**
 * Whether an object is a native sync generator of this realm. Asked first: each generator function has a prototype of
 * its own, so that looking for a method of a generator takes V8 microseconds where the function is new.
 */
export const isNativeGenerator = (value: object): boolean => {
  const own: unknown = Object.getPrototypeOf(value);
  return own !== null && Object.getPrototypeOf(own) === nativePrototype;
};

/** Whether a value is a sync generator. */
export function isSyncGenerator(value: unknown): value is Generator<unknown, unknown> {
  return isGenerator(value) && (isNativeGenerator(value) || !(Symbol.asyncIterator in value));
}

/** Whether a value is a generator, of either kind. */
function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== "object" || value === null) return false;
  if (isNativeGenerator(value)) return true;
  const candidate = value as Partial<Record<string | symbol, unknown>>;
  return (
    typeof candidate["next"] === "function" &&
    typeof candidate["return"] === "function" &&
    typeof candidate["throw"] === "function" &&
    (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}

// Stays synchronous until something has to be awaited: most generators of a pool never wait.
function driveSync(
  generator: Generator<unknown, unknown>,
  context: Steering,
  emit?: Emit,
): unknown {
  const driver = new Driver(generator, context, emit);
  const wait = driver.advance(generator.next());
  return wait ? driver.resume(wait) : driver.result();
}

/** What a sync generator waits for: a promise it yielded, whose value it gets, or its consumer. */
interface Wait {
  readonly promise: PromiseLike<unknown>;
  readonly yielded: boolean;
}

class Driver {
  readonly #generator: Generator<unknown, unknown>;
  readonly #context: Steering;
  readonly #emit: Emit | undefined;
  /** Why it is being ended. Its `finally` may go on and yield promises; items do not count any more. */
  #end: { readonly reason: unknown } | undefined;
  #value: unknown;

  constructor(generator: Generator<unknown, unknown>, context: Steering, emit: Emit | undefined) {
    this.#generator = generator;
    this.#context = context;
    this.#emit = emit;
  }

  /** Goes on from a step until the next wait; nothing when the generator is done. */
  advance(step: IteratorResult<unknown, unknown>): Wait | undefined {
    let { done, value } = step;
    while (!done) {
      if (this.#context.cancelled && !this.#end) {
        ({ done, value } = this.#leave(this.#context.reason));
        continue;
      }
      if (isThenable(value)) return { promise: value, yielded: true };
      try {
        const paused = this.#end ? undefined : this.#emit?.(value);
        if (paused) return { promise: paused, yielded: false };
      } catch (error) {
        ({ done, value } = this.#leave(error));
        continue;
      }
      ({ done, value } = this.#generator.next());
    }
    this.#value = value;
    return undefined;
  }

  async resume(first: Wait): Promise<unknown> {
    for (let wait: Wait | undefined = first; wait;) {
      wait = this.advance(this.#answer(wait, await settled(wait.promise)));
    }
    return this.result();
  }

  result(): unknown {
    if (this.#end) throw this.#end.reason;
    return this.#value;
  }

  #answer(
    { yielded }: Wait,
    { ok, value }: { ok: boolean; value: unknown },
  ): IteratorResult<unknown, unknown> {
    if (this.#context.cancelled && !this.#end) return this.#leave(this.#context.reason);
    if (!yielded) return ok ? this.#generator.next() : this.#leave(value);
    return ok ? this.#generator.next(value) : this.#generator.throw(value);
  }

  #leave(reason: unknown): IteratorResult<unknown, unknown> {
    this.#end = { reason };
    return this.#generator.return(undefined);
  }
}

const settled = (promise: PromiseLike<unknown>): Promise<{ ok: boolean; value: unknown }> =>
  Promise.resolve(promise).then(
    (value) => ({ ok: true, value }),
    (value: unknown) => ({ ok: false, value }),
  );

async function driveAsync(
  generator: AsyncGenerator<unknown, unknown>,
  context: Steering,
  emit?: Emit,
): Promise<unknown> {
  for (;;) {
    const step = await generator.next();
    if (step.done) return step.value;
    try {
      if (context.cancelled) throw context.reason;
      await emit?.(step.value);
      if (context.cancelled) throw context.reason;
    } catch (reason) {
      // A `finally` may yield; it is not over before the generator is.
      let end = await generator.return(undefined);
      while (!end.done) end = await generator.next();
      throw reason;
    }
  }
}
