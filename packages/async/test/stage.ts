import { turn } from "./turns.ts";

export { listeners } from "./listeners.ts";
export { thrown as reasonOf } from "./thrown.ts";
export { turn };

/** What callers give as the reason of an abort: no error, so that nobody can take it for one. */
export const reason: { readonly why: string } = { why: "enough" };

/** Where a promise stands, once every reaction that is ready has run. */
export type State = "pending" | { readonly value: unknown } | { readonly reason: unknown };

export async function stateOf(promise: Promise<unknown>): Promise<State> {
  let state: State = "pending";
  promise.then(
    (value) => (state = { value }),
    (error: unknown) => (state = { reason: error }),
  );
  await turn();
  return state;
}

/** For a promise that is looked at later: until then its rejection is no unhandled one. */
export function watched<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

/** One call of a function that ends when the test says so. */
export interface HeldCall<Input = unknown> {
  readonly input: Input;
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly resolve: (value?: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A function whose calls end when the test says so; `deaf` ones do not listen to their signal. */
export interface Held<Input = unknown> {
  readonly calls: HeldCall<Input>[];
  /** How many have not ended. */
  readonly running: number;
  /** How many ran at a time. */
  readonly most: number;
  (
    input: Input,
    call: { readonly signal: AbortSignal; readonly attempt: number },
  ): Promise<unknown>;
}

export function held<Input = unknown>({ deaf = false } = {}): Held<Input> {
  const calls: HeldCall<Input>[] = [];
  let running = 0;
  let most = 0;
  const call: (...args: Parameters<Held<Input>>) => Promise<unknown> = (input, about) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { signal, attempt } = about;
    calls.push({ input, signal, attempt, resolve, reject });
    most = Math.max(most, ++running);
    const onAbort = (): void => reject(signal.reason);
    if (!deaf) {
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort);
    }
    return promise.finally(() => {
      running--;
      signal.removeEventListener("abort", onAbort);
    });
  };
  return Object.defineProperties(call, {
    calls: { value: calls },
    running: { get: () => running },
    most: { get: () => most },
  }) as Held<Input>;
}
