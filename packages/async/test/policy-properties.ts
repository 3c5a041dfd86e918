import type { Policy } from "@quintet/core";
import { isQuintetError, withPolicies } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { expect } from "vitest";
import type { DedupeOptions, LimitOptions, OverlapMode, TimeoutOptions } from "../src/index.ts";
import { held, listeners, reason, stateOf } from "./stage.ts";

/** Fails with the smallest case that it finds. */
export const expectToHold = (property: fc.IAsyncProperty<unknown>, runs: number): Promise<void> =>
  fc.assert(property, { numRuns: runs });

const error = new Error("failed");

// Each holds for a policy as it should be, and is made for any maker of one, so that it can also be shown to fail.

/**
 * Never more run than there are slots, no slot is lost, and every call settles with what is its own. Calls have
 * weights up to `heaviest`.
 */
export const slotsHold = (
  make: (slots: number, options: LimitOptions) => Policy,
  heaviest: number = 4,
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    fc.scheduler(),
    fc.integer({ min: 1, max: 4 }),
    fc.array(
      fc.record({
        weight: fc.integer({ min: 1, max: heaviest }),
        priority: fc.integer({ min: 0, max: 2 }),
        aborts: fc.boolean(),
        fails: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
    async (scheduler, slots, inputs) => {
      let taken = 0;
      type Input = (typeof inputs)[number];
      const policy = make(slots, {
        weight: ({ weight }: Input) => Math.min(weight, slots),
        priority: ({ priority }: Input) => priority,
      });
      const guarded = withPolicies(async (input: Input, { signal }) => {
        expect(signal.aborted).toBe(false);
        const weight = Math.min(input.weight, slots);
        taken += weight;
        expect(taken).toBeLessThanOrEqual(slots);
        await scheduler.schedule(Promise.resolve(), "work");
        taken -= weight;
        if (input.fails) throw error;
      }, policy);
      const ends = inputs.map(async (input) => {
        const controller = new AbortController();
        await scheduler.schedule(Promise.resolve(), "arrive");
        if (input.aborts)
          void scheduler.schedule(Promise.resolve(), "abort").then(() => controller.abort(reason));
        return guarded(input, { signal: controller.signal }).catch((thrown: unknown) => thrown);
      });
      await scheduler.waitIdle();
      // Looked at before they are awaited: a call that is lost is to fail here, and not to hang.
      for (const end of ends) expect(await stateOf(end)).not.toBe("pending");
      for (const [index, end] of (await Promise.all(ends)).entries()) {
        const { aborts, fails } = inputs[index] ?? {};
        expect([fails ? error : undefined, ...(aborts ? [reason] : [])]).toContain(end);
      }
      // All are free again: as many as take up every slot run at once.
      let ran = 0;
      const weight = heaviest > 1 ? slots : 1;
      for (let used = 0; used < slots; used += weight) {
        void withPolicies(() => {
          ran += weight;
          return scheduler.schedule(Promise.resolve(), "last");
        }, policy)({ weight, priority: 0, aborts: false, fails: false });
      }
      expect(ran).toBe(slots);
      await scheduler.waitAll();
    },
  ) as fc.IAsyncProperty<unknown>;

/** It settles, and leaves neither a timer nor a listener, whichever of end, abort and time comes first. */
export const timeHolds = (
  make: (milliseconds: number, options: TimeoutOptions) => Policy,
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 4 }),
    fc.constantFrom(0, 1, 2, 3, 4, 999),
    fc.boolean(),
    async (end, abort, time, deaf) => {
      const clock = virtualClock();
      const controller = new AbortController();
      const { signal } = controller;
      const call = held({ deaf });
      const result = withPolicies(call, make(time + 1, { clock }))(1, { signal });
      result.catch(() => {});
      clock.after(end + 1, () => call.calls[0]?.resolve("done"));
      clock.after(abort + 1, () => controller.abort(reason));
      await clock.advance(10);
      const state = await stateOf(result);
      expect(state).not.toBe("pending");
      const isLate = isQuintetError(Object(state).reason, "TIMEOUT");
      expect(call.calls[0]?.signal.reason === Object(state).reason || !isLate).toBe(true);
      expect([clock.pending, listeners(signal), call.running]).toEqual([0, 0, 0]);
    },
  ) as fc.IAsyncProperty<unknown>;

/** Every caller gets its own reason or the answer of a call that it joined, and of one key one runs at a time. */
export const joiningHolds = (
  make: (options?: DedupeOptions) => Policy,
): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 60 }),
        key: fc.integer({ min: 0, max: 2 }),
        abort: fc.option(fc.integer({ min: 1, max: 40 })),
      }),
      { maxLength: 12 },
    ),
    async (callers) => {
      const clock = virtualClock();
      const live = new Map<number, number>();
      const guarded = withPolicies(
        (key: number, { signal }) =>
          new Promise((resolve, reject) => {
            live.set(key, (live.get(key) ?? 0) + 1);
            expect(live.get(key)).toBe(1);
            const timer = clock.after(20, () => {
              live.set(key, 0);
              resolve(key);
            });
            // From here on another one may begin, while this one takes its time to end.
            signal.addEventListener("abort", () => {
              live.set(key, 0);
              timer.cancel();
              clock.after(15, () => reject(signal.reason));
            });
          }),
        make(),
      );
      const ends: Promise<unknown>[] = [];
      for (const [index, { at, key, abort }] of callers.entries()) {
        const controller = new AbortController();
        clock.after(at, () => {
          ends[index] = guarded(key, { signal: controller.signal }).catch((thrown) => thrown);
        });
        if (abort !== null) clock.after(at + abort, () => controller.abort(`${index} aborts`));
      }
      await clock.advance(200);
      for (const [index, end] of (await Promise.all(ends)).entries()) {
        const { key, abort } = callers[index] ?? {};
        expect(abort === null ? [key] : [key, `${index} aborts`]).toContain(end);
      }
      expect([...live.values()].every((count) => count === 0)).toBe(true);
      expect(clock.pending).toBe(0);
    },
  ) as fc.IAsyncProperty<unknown>;

const isDropped = (thrown: unknown): boolean => isQuintetError(thrown, "DROPPED");

/** One runs at a time, every call settles, and it is idle afterwards. */
export const laneHolds = (make: (mode: OverlapMode) => Policy): fc.IAsyncProperty<unknown> =>
  fc.asyncProperty(
    fc.scheduler(),
    fc.constantFrom("queue" as const, "drop" as const, "restart" as const, "latest" as const),
    fc.boolean(),
    fc.array(fc.record({ aborts: fc.boolean(), fails: fc.boolean() }), { maxLength: 10 }),
    async (scheduler, mode, isDeaf, callers) => {
      let running = 0;
      const guarded = withPolicies(async (fails: boolean, { signal }) => {
        expect(signal.aborted).toBe(false);
        expect(++running).toBe(1);
        await scheduler.schedule(Promise.resolve(), "work");
        running--;
        if (!isDeaf) signal.throwIfAborted();
        if (fails) throw error;
        return "done";
      }, make(mode));
      const ends = callers.map(async ({ aborts, fails }) => {
        const controller = new AbortController();
        await scheduler.schedule(Promise.resolve(), "arrive");
        if (aborts)
          void scheduler.schedule(Promise.resolve(), "abort").then(() => controller.abort(reason));
        return guarded(fails, { signal: controller.signal }).catch((thrown: unknown) => thrown);
      });
      await scheduler.waitIdle();
      // Looked at before they are awaited: a call that is lost is to fail here, and not to hang.
      for (const end of ends) expect(await stateOf(end)).not.toBe("pending");
      for (const end of await Promise.all(ends)) {
        const dropped = mode !== "queue" && isDropped(end) ? [end] : [];
        expect([reason, error, "done", ...dropped]).toContain(end);
      }
      await scheduler.waitAll();
      expect(running).toBe(0);
      const last = guarded(false);
      await scheduler.waitIdle();
      expect(await stateOf(last)).toEqual({ value: "done" });
    },
  ) as fc.IAsyncProperty<unknown>;
