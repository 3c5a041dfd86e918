import { compose, withPolicies } from "@quintet/core";
import { type VirtualClock, virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { listeners, reason, stateOf, turn, watched } from "./stage.ts";
import {
  bulkhead,
  circuitBreaker,
  dedupe,
  eventLoop,
  fallback,
  hedge,
  limit,
  overlap,
  rateLimit,
  retry,
  timeout,
} from "../src/index.ts";

const error = new Error("failed");

/** Every policy there is, around a function that fails at first, is late then, and sometimes does not listen. */
function everything() {
  const clock = virtualClock();
  const slots = limit(2, { clock });
  const lane = overlap("queue", { key: (input: number) => input % 2 });
  const policy = compose(
    fallback((thrown) => thrown, { when: (thrown) => thrown === error }),
    timeout(400, { clock }),
    dedupe(),
    lane,
    retry({ attempts: 4, clock, backoff: { base: 10, jitter: "none" } }),
    circuitBreaker({ failures: 3, cooldown: 20, whileProbing: "wait", when: () => true, clock }),
    rateLimit({ limit: 100, interval: 1000, burst: 2, clock }),
    bulkhead(3, { queue: 9, clock }),
    slots,
    hedge({ delay: 15, clock }),
    timeout(40, { clock }),
  );
  let calls = 0;
  let running = 0;
  const work = async (_input: number, { signal }: { signal: AbortSignal }): Promise<string> => {
    signal.throwIfAborted();
    const call = calls++;
    running++;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = clock.after([5, 30, 100, 1][call % 4] ?? 0, () => {
      if (call % 3 === 0) reject(error);
      else resolve("done");
    });
    const onAbort = (): void => {
      timer.cancel();
      reject(signal.reason);
    };
    const isDeaf = call % 5 === 4;
    if (!isDeaf) signal.addEventListener("abort", onAbort);
    try {
      return await promise;
    } finally {
      running--;
      signal.removeEventListener("abort", onAbort);
    }
  };
  return { clock, policy, slots, lane, work, running: () => running };
}

/** Makes six calls, four of them with a signal that `abort` aborts, and looks at what is left in the end. */
async function survives(
  abortAt: (clock: VirtualClock, abort: () => void) => Promise<void>,
): Promise<void> {
  const { clock, policy, slots, lane, work, running } = everything();
  const guarded = withPolicies(work, policy);
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [1, 2, 3, 1, 4, 5].map((input, index) =>
    watched(guarded(input, index < 4 ? { signal } : {})),
  );
  await abortAt(clock, () => controller.abort(reason));
  await clock.advance(5_000);
  for (const call of calls) expect(await stateOf(call)).not.toBe("pending");
  expect([clock.pending, listeners(signal), running()]).toEqual([0, 0, 0]);
  // Nothing that was taken is missing: each lane is idle, and two slots are free.
  let started = 0;
  const count = (): Promise<void> => {
    started++;
    return turn();
  };
  const last = [1, 2].map(() => withPolicies(count, slots)());
  const lanes = [1, 2].map((input) => withPolicies(count, lane)(input as never));
  expect(started).toBe(4);
  await Promise.all([...last, ...lanes]);
}

describe("all policies together settle every call, lose nothing and leave nothing", () => {
  it("when nobody aborts", async () => {
    await expect(survives(async () => {})).resolves.toBeUndefined();
  });

  it("aborted after any number of steps of the queue of reactions", async () => {
    for (let steps = 0; steps < 60; steps++) {
      const abort = async (_clock: VirtualClock, abortNow: () => void): Promise<void> => {
        for (let step = 0; step < steps; step++) await Promise.resolve();
        abortNow();
      };
      await expect(survives(abort)).resolves.toBeUndefined();
    }
  }, 60_000);

  it("aborted at any time, before and after what happens at that time", async () => {
    for (let time = 0; time < 150; time += 5) {
      for (const steps of [0, 1, 2, 5]) {
        const abort = async (clock: VirtualClock, abortNow: () => void): Promise<void> => {
          clock.after(time, () => {
            void (async () => {
              for (let step = 0; step < steps; step++) await Promise.resolve();
              abortNow();
            })();
          });
        };
        await expect(survives(abort)).resolves.toBeUndefined();
      }
    }
  }, 60_000);
});

it("an executor under all policies is closed when everything has ended", async () => {
  const { clock, policy, work } = everything();
  const executor = withPolicies(eventLoop(), policy);
  const controller = new AbortController();
  const { signal } = controller;
  const results = [1, 2, 3, 4].map((input) =>
    watched(executor.run(work, input, input < 3 ? { signal } : {})),
  );
  await clock.advance(12);
  controller.abort(reason);
  const closed = executor.close();
  await clock.advance(5_000);
  await closed;
  for (const result of results) expect(await stateOf(result)).not.toBe("pending");
  expect([clock.pending, listeners(signal)]).toEqual([0, 0]);
});
