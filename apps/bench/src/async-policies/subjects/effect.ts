import { Effect, Semaphore } from "effect";
import { packageVersion } from "../../package-version.ts";
import type { Call, PolicySubject, SignalledCall } from "../policy-subject.ts";

type Step = Effect.Effect<number, unknown>;

/**
 * An effect for each call, run as a promise by itself, which is how a program of promises would use it. A program of
 * effects pays for `runPromise` once.
 */
const under =
  (change: (step: Step) => Step) =>
  (call: Call): Call =>
  (input) =>
    Effect.runPromise(
      change(Effect.tryPromise({ try: () => call(input), catch: (error) => error })),
    );

/** The signal interrupts the effect, and that aborts the one which the function gets. */
const signalled =
  (change: (step: Step) => Step) =>
  (call: SignalledCall): SignalledCall =>
  (input, signal) => {
    const step = Effect.tryPromise({
      try: (inner) => call(input, inner),
      catch: (error) => error,
    });
    return Effect.runPromise(change(step), { signal });
  };

const again = Effect.retry({ times: 2 });
const bound = Effect.timeout("1 minute");
const slots = Semaphore.makeUnsafe(8);

/** The functions of its `Effect` module. */
export const effect: PolicySubject = {
  name: "Effect",
  kind: "peer",
  version: packageVersion("effect"),
  retry: under(again),
  timeout: under(bound),
  limit: under((step) => slots.withPermits(1)(step)),
  withSignal: {
    retry: signalled(again),
    timeout: signalled(bound),
    limit: signalled((step) => slots.withPermits(1)(step)),
  },
};
