import { Effect } from "effect";
import { packageVersion } from "../../package-version.ts";
import type { CoroutineSubject } from "../coroutine-subject.ts";

const unbounded = { concurrency: "unbounded" } as const;

/** As its documentation has it: `Effect.gen`, `Effect.yieldNow` to give way, `Effect.all` for many fibers. */
export const effect: CoroutineSubject = {
  name: "Effect",
  kind: "peer",
  version: packageVersion("effect"),
  steps(count, steps, work) {
    const stepping = Effect.gen(function* () {
      for (let step = 0; step < steps; step++) {
        work();
        yield* Effect.yieldNow;
      }
    });
    const all = Array.from({ length: count }, () => stepping);
    return Effect.runPromise(Effect.all(all, { ...unbounded, discard: true }));
  },
  waits: (times) =>
    Effect.runPromise(
      Effect.gen(function* () {
        let total = 0;
        for (let time = 0; time < times; time++) {
          total += yield* Effect.promise(() => Promise.resolve(1));
        }
        return total;
      }),
    ),
  async starts(count) {
    const one = Effect.gen(function* () {
      yield* Effect.yieldNow;
      return 1;
    });
    const all = Array.from({ length: count }, () => one);
    const results = await Effect.runPromise(Effect.all(all, unbounded));
    return results.reduce((total, result) => total + result, 0);
  },
};
