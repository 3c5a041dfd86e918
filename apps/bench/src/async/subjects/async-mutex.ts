import { Mutex, Semaphore } from "async-mutex";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { limiterOf } from "../limiter.ts";

/** `runExclusive` is what its README recommends; what `acquire` gives is released. It cannot stop one waiter. */
export const asyncMutex: AsyncSubject = {
  name: "async-mutex",
  kind: "peer",
  version: packageVersion("async-mutex"),
  limiter(permits) {
    if (permits === 1) {
      const lock = new Mutex();
      return limiterOf((task) => lock.runExclusive(task), {
        async acquire(times) {
          for (let left = times; left > 0; left--) (await lock.acquire())();
        },
      });
    }
    const semaphore = new Semaphore(permits);
    return limiterOf((task) => semaphore.runExclusive(task));
  },
};
