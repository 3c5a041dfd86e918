import pLimit from "p-limit";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { limiterOf } from "../limiter.ts";

/** It runs functions, and cannot stop waiting. */
export const limiting: AsyncSubject = {
  name: "p-limit",
  kind: "peer",
  version: packageVersion("p-limit"),
  limiter(permits) {
    const limit = pLimit(permits);
    return limiterOf((task) => limit(task));
  },
};
