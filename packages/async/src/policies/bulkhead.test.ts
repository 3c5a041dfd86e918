import { InvalidOptionError, withPolicies } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { held, reason, reasonOf, turn, watched } from "../../test/stage.ts";
import { bulkhead, type BulkheadOptions, timeout } from "../index.ts";

function under(slots: number, options?: BulkheadOptions) {
  const call = held();
  return { call, guarded: withPolicies(call, bulkhead(slots, options)) };
}

it("refuses at once what finds neither a slot nor a place in the queue", async () => {
  const { call, guarded } = under(2, { queue: 1 });
  const results = [1, 2, 3, 4].map((input) => watched(guarded(input)));
  await expect(results[3]).rejects.toMatchObject({ code: "QUEUE_FULL" });
  expect(call.calls.map(({ input }) => input)).toEqual([1, 2]);
  call.calls[0]?.resolve();
  await turn();
  expect(call.calls.map(({ input }) => input)).toEqual([1, 2, 3]);
});

it("has no queue where none is asked for", async () => {
  const { call, guarded } = under(1);
  const first = guarded(1);
  await expect(guarded(2)).rejects.toMatchObject({ code: "QUEUE_FULL" });
  call.calls[0]?.resolve("done");
  expect(await first).toBe("done");
  void guarded(3);
  await turn();
  expect(call.calls).toHaveLength(2);
});

it("never refuses one that waits for the sake of a newcomer, in whatever gap it comes", async () => {
  const { call, guarded } = under(1, { queue: 1 });
  void guarded("first");
  const waits = guarded("waits");
  await turn();
  call.calls[0]?.resolve();
  for (let gap = 0; gap < 8; gap++) {
    void watched(guarded(`newcomer ${gap}`));
    await Promise.resolve();
  }
  expect(call.calls[1]?.input).toBe("waits");
  call.calls[1]?.resolve("done");
  expect(await waits).toBe("done");
});

it("frees a place in the queue in the same step as an abort", async () => {
  const { guarded } = under(1, { queue: 1 });
  const controller = new AbortController();
  void guarded(1);
  const waits = watched(guarded(2, { signal: controller.signal }));
  controller.abort(reason);
  void guarded(3);
  await expect(waits).rejects.toBe(reason);
  await expect(guarded(4)).rejects.toMatchObject({ code: "QUEUE_FULL" });
});

it("bounds the wait, and keeps the slot of what is late and deaf", async () => {
  const clock = virtualClock();
  const call = held({ deaf: true });
  const policy = bulkhead(1, { queue: 9, wait: 50, clock });
  const guarded = withPolicies(call, policy, timeout(20, { clock }));
  const late = reasonOf(guarded(1));
  const waits = reasonOf(guarded(2));
  await clock.advance(50);
  expect(await late).toMatchObject({
    code: "TIMEOUT",
    message: "The call took longer than 20 ms.",
  });
  expect(await waits).toMatchObject({
    code: "TIMEOUT",
    message: "bulkhead(): waited 50 ms for permit in vain.",
  });
  expect(call.calls).toHaveLength(1);
});

it.each([[0], [2, { queue: -1 }], [2, { queue: 1.5 }], [2, { wait: "1" }], [2, { weight: 2 }]])(
  "refuses %j %j",
  (slots, options?) => {
    expect(() => bulkhead(slots, options as never)).toThrow(InvalidOptionError);
  },
);
