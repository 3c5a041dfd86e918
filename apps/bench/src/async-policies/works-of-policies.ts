import { count } from "../format.ts";
import type { Group } from "../group.ts";
import { cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { microseconds, tasksPerSecond } from "../unit.ts";
import { failsFirst, increment, type PolicyWork, policyWork } from "./policy-work.ts";
import type { Call, PolicyName, PolicySubject } from "./policy-subject.ts";
import { policySubjects } from "./subjects/policy-subjects.ts";

/** What policies have to do: let a call through that needs them not, which is nearly every call. */
export const worksOfPolicies: Group["works"] = ({ quick }) => {
  const sized = (full: number, small: number): number => (quick ? small : full);
  const calls = sized(20_000, 500);
  const works = [
    awaitedWork("retry, good at once", calls, plain("retry")),
    awaitedWork("retry, good at the second", sized(500, 50), failing),
    awaitedWork("timeout, in time", calls, plain("timeout")),
    awaitedWork("circuit breaker, closed", calls, plain("circuitBreaker")),
    awaitedWork("limit of 8, free", calls, plain("limit")),
    atOnceWork("limit of 8, at once", calls, startsAll),
    awaitedWork("retry, breaker, limit and timeout", calls, plain("stack")),
    awaitedWork("retry, good at once, with a signal", calls, signalled("retry")),
    awaitedWork("timeout, in time, with a signal", calls, signalled("timeout")),
    awaitedWork("circuit breaker, closed, with a signal", calls, signalled("circuitBreaker")),
    awaitedWork("limit of 8, free, with a signal", calls, signalled("limit")),
    atOnceWork("limit of 8, at once, with a signal", calls, startsAllSignalled),
    awaitedWork("retry, breaker, limit and timeout, with a signal", calls, signalled("stack")),
  ];
  return works.map((work) => policyWork(work, policySubjects));
};

/** What a subject calls; nothing where it has no such policy. */
type Guard = (subject: PolicySubject) => Call | undefined;

const plain =
  (policy: PolicyName): Guard =>
  (subject) =>
    subject[policy]?.(increment);

/** Without a policy, what fails at first fails. */
const failing: Guard = (subject) =>
  subject.kind === "floor" ? undefined : subject.retry?.(failsFirst());

/** All calls get the same signal, such as that of a program which is told to stop. */
const signalled =
  (policy: PolicyName): Guard =>
  ({ withSignal }) => {
    const guarded = withSignal?.[policy]?.(increment);
    const { signal } = new AbortController();
    return guarded && ((input) => guarded(input, signal));
  };

/** So many calls, each awaited before the next. */
function awaitedWork(name: string, calls: number, guard: Guard): PolicyWork {
  return {
    name,
    title: `${count(calls)} calls, each awaited before the next`,
    rows: [{ name, unit: microseconds }],
    prepare(subject) {
      const guarded = guard(subject);
      if (!guarded) return undefined;
      const run = async (times: number): Promise<void> => {
        for (let input = 0; input < times; input++)
          verify(`call(${input})`, input + 1, await guarded(input));
      };
      return async () => {
        const cost = await measure(
          () => run(calls),
          () => run(Math.min(calls, 2_000)),
        );
        const value = (1_000 * cost.time) / calls;
        return { [name]: { value, cpuPerTask: cpuPerTask(cost, calls) } };
      };
    },
  };
}

/** Makes all calls at once; nothing where a subject has no such policy. */
type Starter = (
  subject: PolicySubject,
) => ((inputs: readonly number[]) => Promise<number[]>) | undefined;

/** So many calls that are started in one tick, eight of which run at a time. */
function atOnceWork(name: string, calls: number, starts: Starter): PolicyWork {
  const inputs = Array.from({ length: calls }, (_, index) => index);
  return {
    name,
    title: `${count(calls)} calls started in one tick`,
    rows: [{ name, unit: tasksPerSecond }],
    prepare(subject) {
      const all = starts(subject);
      if (!all) return undefined;
      return async () => {
        const { value, ...cost } = await measure(
          () => all(inputs),
          () => all(inputs.slice(0, 2_000)),
        );
        verify("number of results", calls, value.length);
        for (const [input, output] of value.entries()) verify(`call(${input})`, input + 1, output);
        return { [name]: { value: perSecond(cost, calls), cpuPerTask: cpuPerTask(cost, calls) } };
      };
    },
  };
}

const together =
  (guarded: Call) =>
  (inputs: readonly number[]): Promise<number[]> =>
    Promise.all(inputs.map((input) => guarded(input)));

const startsAll: Starter = ({ limit, limitAll }) => {
  if (limitAll) return (inputs) => limitAll(increment, inputs);
  return limit && together(limit(increment));
};

/** Without Effect: so many fibers, each interrupted by the signal by itself, are no program of effects. */
const startsAllSignalled: Starter = (subject) => {
  const guarded = subject.name === "Effect" ? undefined : signalled("limit")(subject);
  return guarded && together(guarded);
};
