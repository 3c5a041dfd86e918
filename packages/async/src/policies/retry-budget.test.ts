import { InvalidOptionError, withPolicies } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { attemptsOf, hedge, retry, retryBudget } from "../index.ts";
import { reasonOf, turn } from "../../test/stage.ts";

const error = new Error("down");
const backoff = { base: 0 };

function down(): { (): never; calls: number } {
  const call = Object.assign(
    (): never => {
      call.calls++;
      throw error;
    },
    { calls: 0 },
  );
  return call;
}

it("of a tenth allows 10 retries for 100 calls that fail", async () => {
  const budget = retryBudget({ ratio: 0.1, least: 0, clock: virtualClock() });
  const call = down();
  const guarded = withPolicies(call, retry({ attempts: 5, backoff, budget }));
  for (let i = 0; i < 100; i++) await reasonOf(guarded());
  expect(call.calls).toBe(110);
});

it("ends the call at once with its own error, and says why", async () => {
  const budget = retryBudget({ ratio: 0, least: 0 });
  const call = down();
  expect(await reasonOf(withPolicies(call, retry({ budget }))())).toBe(error);
  expect(call.calls).toBe(1);
  expect(attemptsOf(error)).toEqual([{ attempt: 1, error, stopped: "budget" }]);
});

it("allows some retries however few calls there are, again in each window", async () => {
  const clock = virtualClock();
  const budget = retryBudget({ ratio: 0, least: 3, window: 1000, clock });
  const count = (): number => Array.from({ length: 10 }, budget.tryRetry).filter(Boolean).length;
  expect(count()).toBe(3);
  await clock.advance(899);
  expect(count()).toBe(0);
  await clock.advance(101);
  expect(count()).toBe(3);
  await clock.advance(1e9);
  expect(count()).toBe(3);
});

it("forgets calls as it forgets retries", async () => {
  const clock = virtualClock();
  const budget = retryBudget({ ratio: 0.5, least: 0, window: 1000, clock });
  for (let i = 0; i < 10; i++) budget.called();
  expect(budget.tryRetry()).toBe(true);
  await clock.advance(1000);
  expect(budget.tryRetry()).toBe(false);
});

it("is shared by all that have it, hedges as well", async () => {
  const clock = virtualClock();
  const budget = retryBudget({ ratio: 0, least: 2, clock });
  await reasonOf(withPolicies(down(), retry({ backoff, budget, attempts: 2 }))());
  const slow = Promise.withResolvers<void>();
  let calls = 0;
  const hedged = withPolicies(
    () => {
      calls++;
      return slow.promise;
    },
    hedge({ delay: 10, attempts: 9, budget, clock }),
  );
  const result = hedged();
  await clock.advance(1000);
  expect(calls).toBe(2);
  slow.resolve();
  await result;
  const call = down();
  await reasonOf(withPolicies(call, retry({ backoff, budget }))());
  expect(call.calls).toBe(1);
});

it("does not stall or grow when its clock goes back", async () => {
  let now = 10_000;
  const clock = { ...virtualClock(), now: () => now };
  const budget = retryBudget({ ratio: 0, least: 1, window: 1000, clock });
  expect(budget.tryRetry()).toBe(true);
  now = 0;
  expect(budget.tryRetry()).toBe(false);
  now = 11_000;
  expect(budget.tryRetry()).toBe(true);
  await turn();
});

it.each([{ ratio: -1 }, { ratio: Number.NaN }, { least: -1 }, { window: 0 }, { rate: 1 }])(
  "refuses %j",
  (options) => {
    expect(() => retryBudget(options as never)).toThrow(InvalidOptionError);
  },
);
