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
    awaitedWork("retry, good at once", "retry", calls),
    awaitedWork("retry, good at the second", "retry", sized(500, 50), failsFirst),
    awaitedWork("timeout, in time", "timeout", calls),
    awaitedWork("circuit breaker, closed", "circuitBreaker", calls),
    awaitedWork("limit of 8, free", "limit", calls),
    atOnceWork("limit of 8, at once", sized(20_000, 500)),
    awaitedWork("retry, breaker, limit and timeout", "stack", calls),
  ];
  return works.map((work) => policyWork(work, policySubjects));
};

/** So many calls, each awaited before the next. */
function awaitedWork(
  name: string,
  policy: PolicyName,
  calls: number,
  make?: () => Call,
): PolicyWork {
  return {
    name,
    title: `${count(calls)} calls, each awaited before the next`,
    rows: [{ name, unit: microseconds }],
    prepare(subject) {
      // Without a policy, what fails at first fails.
      const guarded =
        make && subject.kind === "floor" ? undefined : subject[policy]?.(make?.() ?? increment);
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

/** So many calls that are started in one tick, eight of which run at a time. */
function atOnceWork(name: string, calls: number): PolicyWork {
  const inputs = Array.from({ length: calls }, (_, index) => index);
  return {
    name,
    title: `${count(calls)} calls started in one tick`,
    rows: [{ name, unit: tasksPerSecond }],
    prepare(subject) {
      const all = startsAll(subject);
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

function startsAll({
  limit,
  limitAll,
}: PolicySubject): ((inputs: readonly number[]) => Promise<number[]>) | undefined {
  if (limitAll) return (inputs) => limitAll(increment, inputs);
  const guarded = limit?.(increment);
  return guarded && ((inputs) => Promise.all(inputs.map((input) => guarded(input))));
}
