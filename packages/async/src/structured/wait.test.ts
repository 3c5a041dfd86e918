import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it, vi } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { eventLoop } from "../event-loop.ts";
import { taskGroup } from "./task-group.ts";
import { wait } from "./wait.ts";

const never = new Promise<never>(() => {});

it("waits for all, whether they fail or not", async () => {
  const failing = Promise.reject(new Error("no"));
  const fine = ticks();
  expect(await wait([failing, fine])).toEqual({ done: [failing, fine], pending: [] });
  expect(await wait([])).toEqual({ done: [], pending: [] });
});

it("returns when the first has settled, with all that have", async () => {
  const [one, two] = [Promise.resolve(1), Promise.reject(new Error("two"))];
  const { done, pending } = await wait([never, one, two], { until: "first" });
  expect(done).toEqual([one, two]);
  expect(pending).toEqual([never]);
});

it("returns at the first error, or when all are fine", async () => {
  const failing = ticks().then(() => Promise.reject(new Error("no")));
  const fine = ticks(2);
  expect(await wait([never, fine, failing], { until: "first-error" })).toEqual({
    done: [fine, failing],
    pending: [never],
  });
  expect(await wait([fine], { until: "first-error" })).toEqual({ done: [fine], pending: [] });
});

it("gives what there is when the time is up, and leaves no timer", async () => {
  const clock = virtualClock();
  const fine = ticks();
  const outcome = wait([fine, never], { timeout: 100, clock });
  await clock.advance(100);
  expect(await outcome).toEqual({ done: [fine], pending: [never] });
  await wait([fine], { timeout: 100, clock });
  expect(clock.pending).toBe(0);
});

it("rejects with the reason when it is aborted, and lets go of the signal", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const outcome = thrown(wait([never], { signal: controller.signal }));
  expect(listeners()).toBe(1);
  controller.abort("enough");
  expect(await outcome).toBe("enough");
  expect(listeners()).toBe(0);
  expect(await thrown(wait([never], { signal: controller.signal }))).toBe("enough");
});

it("takes tasks of groups and jobs of executors, and the same one twice", async () => {
  const executor = eventLoop();
  await taskGroup(async (group) => {
    const task = group.spawn(() => 1);
    const job = executor.submit(() => 2);
    const { done } = await wait([task, job, task]);
    expect(done).toEqual([task, job, task]);
  });
  await executor.close();
});

it("takes a thenable that calls back at once, or throws", async () => {
  const thenable = (then: (resolve: (value: number) => void) => void): Promise<number> =>
    new Proxy({}, { get: (_target, name) => (name === "then" ? then : undefined) }) as never;
  const prompt = thenable((resolve) => resolve(1));
  const throwing = thenable(() => {
    throw new Error("no");
  });
  const { done } = await wait([prompt, throwing]);
  expect(done[0] === prompt && done[1] === throwing).toBe(true);
});

it("says what is no promise", async () => {
  expect(await thrown(wait([1 as never]))).toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("the one at 0 is number"),
  });
  expect(await thrown(wait([never], { until: "last" as never }))).toMatchObject({
    code: "INVALID_OPTION",
  });
});

describe("a promise that lives long", () => {
  it("gets one reaction, however often it is waited for", async () => {
    const long = new Promise<never>(() => {});
    const then = vi.spyOn(long, "then");
    for (let round = 0; round < 100; round++) {
      await wait([long, Promise.resolve(round)], { until: "first" });
    }
    expect(then).toHaveBeenCalledTimes(1);
  });
});
