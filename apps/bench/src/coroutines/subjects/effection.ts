import { all, run, sleep, until } from "effection";
import { packageVersion } from "../../package-version.ts";
import type { CoroutineSubject } from "../coroutine-subject.ts";

function* one() {
  yield* until(Promise.resolve());
  return 1;
}

/** As its documentation has it: `until` for promises, `all` for many operations. What lets others in is `sleep(0)`. */
export const effection: CoroutineSubject = {
  name: "effection",
  kind: "peer",
  version: packageVersion("effection"),
  refusal: "gives way with sleep(0) alone, which takes a millisecond",
  steps(count, steps, work) {
    function* stepping() {
      for (let step = 0; step < steps; step++) {
        work();
        yield* sleep(0);
      }
    }
    return run(() => all(Array.from({ length: count }, () => stepping())));
  },
  waits: (times) =>
    run(function* () {
      let total = 0;
      for (let time = 0; time < times; time++) total += yield* until(Promise.resolve(1));
      return total;
    }),
  starts: (count) =>
    run(function* () {
      const results = yield* all(Array.from({ length: count }, one));
      return results.reduce((total, result) => total + result, 0);
    }),
};
