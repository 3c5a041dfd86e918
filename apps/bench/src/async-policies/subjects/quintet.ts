import { circuitBreaker, limit, retry, timeout } from "@quintet/async";
import { type Policy, withPolicies } from "@quintet/core";
import { packageVersion } from "../../package-version.ts";
import type { PolicySubject, SignalledCall } from "../policy-subject.ts";

const again = { attempts: 3, backoff: { base: 0 } };

const signalled =
  (...policies: readonly Policy[]) =>
  (call: SignalledCall): SignalledCall => {
    const guarded = withPolicies(
      (input: number, { signal }: { readonly signal: AbortSignal }) => call(input, signal),
      ...policies,
    );
    return (input, signal) => guarded(input, { signal });
  };

/** Policies around a plain function. */
export const quintet: PolicySubject = {
  name: "quintet",
  kind: "ours",
  version: packageVersion("@quintet/async"),
  retry: (call) => withPolicies(call, retry(again)),
  timeout: (call) => withPolicies(call, timeout(60_000)),
  circuitBreaker: (call) => withPolicies(call, circuitBreaker()),
  limit: (call) => withPolicies(call, limit(8)),
  stack: (call) => withPolicies(call, retry(again), circuitBreaker(), limit(8), timeout(60_000)),
  withSignal: {
    retry: signalled(retry(again)),
    timeout: signalled(timeout(60_000)),
    circuitBreaker: signalled(circuitBreaker()),
    limit: signalled(limit(8)),
    stack: signalled(retry(again), circuitBreaker(), limit(8), timeout(60_000)),
  },
};
