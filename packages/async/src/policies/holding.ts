import type { Call, Operation, Permit } from "@quintet/core";
import { HeldPermit, onAbort } from "@quintet/core/kit";

/**
 * Calls an operation, and releases something once that, and whatever was abandoned within it, has ended. No async
 * function, which would cost more; and not the operation's own promise, whose rejection would count as handled.
 */
export function holding<Input, Output>(
  held: { release(): void },
  next: Operation<Input, Output>,
  input: Input,
  call: Call,
): Promise<Output> {
  let underWay = 1;
  const end = (): void => {
    if (--underWay === 0) held.release();
  };
  const abandon = (work: PromiseLike<unknown>): void => {
    underWay++;
    work.then(end, end);
    call.abandon?.(work); // whoever is outside may hold something too
  };
  try {
    call.signal.throwIfAborted(); // it may have waited
    return next(input, { ...call, abandon }).then(
      (value) => {
        end();
        return value;
      },
      (error: unknown) => {
        end();
        throw error;
      },
    );
  } catch (error) {
    end();
    return Promise.reject(error);
  }
}

/** The same with a permit. One that can be lost aborts the function when it is, with what the permit's signal says. */
export function holdingPermit<Input, Output>(
  permit: Permit,
  next: Operation<Input, Output>,
  input: Input,
  call: Call,
): Promise<Output> {
  return permit instanceof HeldPermit
    ? holding(permit, next, input, call)
    : holdingLease(permit, next, input, call);
}

async function holdingLease<Input, Output>(
  permit: Permit,
  next: Operation<Input, Output>,
  input: Input,
  call: Call,
): Promise<Output> {
  const controller = new AbortController();
  const { signal } = controller;
  const abort = (reason: unknown): void => controller.abort(reason);
  const registrations = [call.signal, permit.signal].map((source) => {
    if (!source.aborted) return onAbort(source, abort);
    abort(source.reason);
    return undefined;
  });
  try {
    return await holding(permit, next, input, { ...call, signal });
  } finally {
    for (const registration of registrations) registration?.leave();
  }
}
