import { Effect, Semaphore } from "effect";
import { packageVersion } from "../../package-version.ts";
import type { Call, PolicySubject } from "../policy-subject.ts";

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

const slots = Semaphore.makeUnsafe(8);

/** The functions of its `Effect` module. */
export const effect: PolicySubject = {
  name: "Effect",
  kind: "peer",
  version: packageVersion("effect"),
  retry: under(Effect.retry({ times: 2 })),
  timeout: under(Effect.timeout("1 minute")),
  limit: under((step) => slots.withPermits(1)(step)),
};
