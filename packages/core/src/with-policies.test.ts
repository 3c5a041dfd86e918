import { expect, it } from "vitest";
import { compose, type Policy } from "./policy.ts";
import { withPolicies } from "./with-policies.ts";

const reason = { why: "enough" };

const retry: Policy = (next) => async (input, call) => {
  try {
    return await next(input, call);
  } catch {
    return next(input, { ...call, attempt: call.attempt + 1 });
  }
};

it("gives a function of one input that always gives a promise", async () => {
  const double = withPolicies((n: number) => n * 2);
  expect(double(2)).toBeInstanceOf(Promise);
  expect(await double(2)).toBe(4);
});

it("rejects with what the function throws, or a policy, also where it should reject", async () => {
  const fail = (): never => {
    throw reason;
  };
  await expect(withPolicies(fail)(undefined)).rejects.toBe(reason);
  const refuse: Policy = () => fail;
  await expect(withPolicies(() => 1, refuse)(undefined)).rejects.toBe(reason);
});

it("calls with the attempt that the policies count, from 1 or from what the caller names", async () => {
  const attempts: number[] = [];
  const guarded = withPolicies((_input: string, { attempt }) => {
    attempts.push(attempt);
    if (attempts.length % 2 === 1) throw reason;
    return "done";
  }, retry);
  expect(await guarded("a")).toBe("done");
  expect(await guarded("a", { attempt: 5 })).toBe("done");
  expect(attempts).toEqual([1, 2, 5, 6]);
});

it("hands the caller's signal on, or one that never aborts", async () => {
  const { signal } = new AbortController();
  const seen = withPolicies((_input: string, call) => call.signal);
  expect(await seen("a", { signal })).toBe(signal);
  expect((await seen("a")).aborted).toBe(false);
  expect(await seen("a")).toBe(await seen("b"));
});

it("shares what a policy counts among all it wraps", async () => {
  let calls = 0;
  const counting: Policy = (next) => (input, call) => {
    calls++;
    return next(input, call);
  };
  await withPolicies(() => 1, counting)(undefined);
  await withPolicies(() => 1, counting)(undefined);
  expect(calls).toBe(2);
});

it("composes left to right, the first outermost; nothing composed changes nothing", async () => {
  const log: string[] = [];
  const named =
    (name: string): Policy =>
    (next) =>
    (input, call) => {
      log.push(name);
      return next(input, call);
    };
  await withPolicies(() => 1, compose(named("a"), named("b")), named("c"))(undefined);
  expect(log).toEqual(["a", "b", "c"]);
  expect(await withPolicies((n: number) => n, compose())(1)).toBe(1);
});

it("tells policies what is called, the same for each call", async () => {
  const targets: unknown[] = [];
  const watching: Policy = (next) => (input, call) => {
    targets.push(call.target);
    return next(input, call);
  };
  const double = (n: number): number => n * 2;
  const guarded = withPolicies(double, watching);
  await guarded(1);
  await guarded(2);
  expect(targets).toEqual([double, double]);
});

it("hands on what takes work that goes on, from one guarded function to the next", async () => {
  const abandoned: unknown[] = [];
  const work = Promise.resolve();
  const leaving: Policy = (next) => (input, call) => {
    call.abandon?.(work);
    return next(input, call);
  };
  const taking: Policy = (next) => (input, call) =>
    next(input, { ...call, abandon: (each) => void abandoned.push(each) });
  const inner = withPolicies((n: number) => n, leaving);
  expect(await inner(1)).toBe(1); // nobody has to take it
  expect(await withPolicies(inner, taking)(1)).toBe(1);
  expect(abandoned).toEqual([work]);
});

it("gives a promise for a value that is none, and for one of another kind", async () => {
  const then = (resolve: (value: string) => void): void => resolve("later");
  // oxlint-disable-next-line unicorn/no-thenable -- such promises are what it is about
  const thenable = { then };
  const guarded = withPolicies(() => thenable as unknown as Promise<string>);
  expect(guarded(undefined)).toBeInstanceOf(Promise);
  expect(await guarded(undefined)).toBe("later");
  const careless = (() => () => 5) as unknown as Policy;
  expect(await withPolicies(() => 1, careless)(undefined)).toBe(5);
});
