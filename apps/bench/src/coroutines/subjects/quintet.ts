import { coroutines, go, scope, wait } from "@quintet/coroutines";
import { packageVersion } from "../../package-version.ts";
import type { CoroutineSubject } from "../coroutine-subject.ts";
import { sum } from "../sum.ts";

const version = packageVersion("@quintet/coroutines");

const all = (count: number): unknown[] => Array.from({ length: count });

function* one() {
  yield;
  return 1;
}

/** By hand: `go` and a plain `yield`, `wait` for promises. */
export const quintetGo: CoroutineSubject = {
  name: "quintet, go",
  kind: "ours",
  version,
  steps(count, steps, work) {
    function* stepping() {
      for (let step = 0; step < steps; step++) {
        work();
        yield;
      }
    }
    return Promise.all(all(count).map(() => go(stepping)));
  },
  waits: (times) =>
    go(function* () {
      let total = 0;
      for (let time = 0; time < times; time++) total += yield* wait(Promise.resolve(1));
      return total;
    }),
  starts(count) {
    return sum(all(count).map(() => go(one)));
  },
};

/** The same tasks on the executor. */
export const quintetExecutor: CoroutineSubject = {
  name: "quintet, executor",
  kind: "ours",
  version,
  async steps(count, steps, work) {
    const executor = coroutines();
    function* stepping() {
      for (let step = 0; step < steps; step++) {
        work();
        yield;
      }
    }
    await Promise.all(all(count).map(() => executor.run(stepping)));
    await executor.close();
  },
  async starts(count) {
    const executor = coroutines();
    const total = await sum(all(count).map(() => executor.run(one)));
    await executor.close();
    return total;
  },
};

/** In a scope, which the peers' coroutines always are. */
export const quintetScope: CoroutineSubject = {
  name: "quintet, scope",
  kind: "ours",
  version,
  starts: (count) =>
    scope(async (s) => {
      return sum(all(count).map(() => s.spawn(one).result));
    }),
};
