import pLimit from "p-limit";
import pMap from "p-map";
import pRetry from "p-retry";
import pTimeout from "p-timeout";
import { packageVersion } from "../../package-version.ts";
import type { PolicySubject } from "../policy-subject.ts";

/** Called with the function each time, as its README has it. */
export const retryPeer: PolicySubject = {
  name: "p-retry",
  kind: "peer",
  version: packageVersion("p-retry"),
  retry: (call) => (input) => pRetry(() => call(input), { retries: 2, minTimeout: 0 }),
  withSignal: {
    retry: (call) => (input, signal) =>
      pRetry(() => call(input, signal), { retries: 2, minTimeout: 0, signal }),
  },
};

/** It bounds a promise; the function is not told. */
export const timeoutPeer: PolicySubject = {
  name: "p-timeout",
  kind: "peer",
  version: packageVersion("p-timeout"),
  timeout: (call) => (input) => pTimeout(call(input), { milliseconds: 60_000 }),
  withSignal: {
    timeout: (call) => (input, signal) =>
      pTimeout(call(input, signal), { milliseconds: 60_000, signal }),
  },
};

/** One limiter for all calls. */
export const limitPeer: PolicySubject = {
  name: "p-limit",
  kind: "peer",
  version: packageVersion("p-limit"),
  limit: (call) => {
    const limit = pLimit(8);
    return (input) => limit(call, input);
  },
};

/** One call for the whole list. */
export const mapPeer: PolicySubject = {
  name: "p-map",
  kind: "peer",
  version: packageVersion("p-map"),
  limitAll: (call, inputs) => pMap(inputs, call, { concurrency: 8 }),
};
