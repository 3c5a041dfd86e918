import type { RunContext } from "./run-context.ts";

/** Takes an item of the stream; a promise pauses the producer. */
export type Emit = (item: unknown) => void | PromiseLike<void>;

type AnyGenerator = Generator<unknown, unknown> | AsyncGenerator<unknown, unknown>;

/**
 * Brings what a task function returned to its end: awaits it, or runs its generator, handing the items to `emit`.
 * Gives the result itself where nothing had to be awaited, else a promise.
 *
 * *Cancellation*: a generator is ended at its next `yield`, and its `finally` runs; then the reason is thrown.
 */
export function drive(returned: unknown, context: Steering, emit?: Emit): unknown {
  if (!isGenerator(returned)) return returned;
  return Symbol.asyncIterator in returned
    ? driveAsync(returned, context, emit)
    : driveSync(returned as Generator<unknown, unknown>, context, emit);
}

/** The part of a context that steers a generator. */
export type Steering = Pick<RunContext, "cancelled" | "reason">;

function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== "object" || value === null) return false;
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
  for (let step = generator.next(); ; step = generator.next()) {
    if (step.done) return step.value;
    if (context.cancelled) return end(generator, context.reason);
    if (isThenable(step.value)) return resume(generator, context, emit, step.value, true);
    const paused = emit?.(step.value);
    if (paused) return resume(generator, context, emit, paused, false);
  }
}

/** Goes on with a sync generator from its first wait: for a promise it yielded, or for the consumer. */
async function resume(
  generator: Generator<unknown, unknown>,
  context: Steering,
  emit: Emit | undefined,
  wait: PromiseLike<unknown>,
  yielded: boolean,
): Promise<unknown> {
  for (;;) {
    const answer = await settle(wait);
    if (context.cancelled) return end(generator, context.reason);
    let step: IteratorResult<unknown, unknown>;
    if (!yielded) step = answer.ok ? generator.next() : end(generator, answer.value);
    else step = answer.ok ? generator.next(answer.value) : generator.throw(answer.value);
    for (;;) {
      if (step.done) return step.value;
      if (context.cancelled) return end(generator, context.reason);
      yielded = isThenable(step.value);
      const next = yielded ? (step.value as PromiseLike<unknown>) : emit?.(step.value);
      if (next) {
        wait = next;
        break;
      }
      step = generator.next();
    }
  }
}

const settle = (wait: PromiseLike<unknown>): Promise<{ ok: boolean; value: unknown }> =>
  Promise.resolve(wait).then(
    (value) => ({ ok: true, value }),
    (value: unknown) => ({ ok: false, value }),
  );

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { then?: unknown }).then === "function";

/** Runs the generator's `finally`, then throws. */
function end(generator: Generator<unknown, unknown>, reason: unknown): never {
  generator.return(undefined);
  throw reason;
}

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
      await generator.return(undefined);
      throw reason;
    }
  }
}
