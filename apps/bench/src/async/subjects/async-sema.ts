import { Sema } from "async-sema";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { limiterOf } from "../limiter.ts";

/** `acquire`, then `release` in a `finally`, with the capacity given, as its README has it. It cannot stop waiting. */
export const asyncSema: AsyncSubject = {
  name: "async-sema",
  kind: "peer",
  version: packageVersion("async-sema"),
  limiter(permits) {
    const sema = new Sema(permits, { capacity: 100 });
    return limiterOf(
      async (task) => {
        await sema.acquire();
        try {
          await task();
        } finally {
          sema.release();
        }
      },
      {
        async acquire(times) {
          for (let left = times; left > 0; left--) {
            await sema.acquire();
            sema.release();
          }
        },
        tryAcquire(times) {
          for (let left = times; left > 0; left--) {
            if (sema.tryAcquire() !== undefined) sema.release();
          }
        },
      },
    );
  },
};
