import {
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleAll,
  type IPolicy,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
import { packageVersion } from "../../package-version.ts";
import type { Call, PolicySubject, SignalledCall } from "../policy-subject.ts";

const under =
  (policy: IPolicy) =>
  (call: Call): Call =>
  (input) =>
    policy.execute(() => call(input));

const signalled =
  (policy: IPolicy) =>
  (call: SignalledCall): SignalledCall =>
  (input, signal) =>
    policy.execute((context) => call(input, context.signal), signal);

const again = (): IPolicy => retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) });
const breaker = (): IPolicy =>
  circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
const slots = (): IPolicy => bulkhead(8, Number.MAX_SAFE_INTEGER);
const bound = (): IPolicy => timeout(60_000, TimeoutStrategy.Aggressive);

/** As its README has it: a policy of each kind is made once, and `wrap` puts them together, the outermost first. */
export const cockatiel: PolicySubject = {
  name: "cockatiel",
  kind: "peer",
  version: packageVersion("cockatiel"),
  retry: under(again()),
  timeout: under(bound()),
  circuitBreaker: under(breaker()),
  limit: under(slots()),
  stack: under(wrap(again(), breaker(), slots(), bound())),
  withSignal: {
    retry: signalled(again()),
    timeout: signalled(bound()),
    circuitBreaker: signalled(breaker()),
    limit: signalled(slots()),
    stack: signalled(wrap(again(), breaker(), slots(), bound())),
  },
};
