import { InvalidOptionError, isQuintetError, withPolicies } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, stateOf, turn, watched } from "../../test/stage.ts";
import { expectToHold, laneHolds } from "../../test/policy-properties.ts";
import { limit, overlap, type OverlapMode, type OverlapOptions } from "../index.ts";

const error = new Error("failed");
const modes = ["queue", "drop", "restart", "latest"] as const;

function stage(mode: OverlapMode, { deaf = false } = {}, options?: OverlapOptions) {
  const call = held({ deaf });
  return { call, guarded: withPolicies(call, overlap(mode, options)) };
}

const isDropped = (thrown: unknown): boolean => isQuintetError(thrown, "DROPPED");
const inputs = ({ calls }: { calls: readonly { input: unknown }[] }): unknown[] =>
  calls.map(({ input }) => input);

describe.each(modes)("%s", (mode) => {
  it("lets one run at a time, and the next when it has ended, however it does", async () => {
    const { call, guarded } = stage(mode);
    for (const ending of ["resolve", "reject"] as const) {
      const result = stateOf(guarded(ending));
      call.calls.at(-1)?.[ending](error);
      expect(await result).toEqual(ending === "resolve" ? { value: error } : { reason: error });
    }
    expect(inputs(call)).toEqual(["resolve", "reject"]);
  });

  it("hands an abort to the function that runs", async () => {
    const { call, guarded } = stage(mode);
    const controller = new AbortController();
    const { signal } = controller;
    const result = watched(guarded(1, { signal }));
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(listeners(signal)).toBe(0);
    void guarded(2);
    await turn();
    expect(inputs(call)).toEqual([1, 2]);
  });

  it("calls nothing for a signal that was aborted before", async () => {
    const { call, guarded } = stage(mode);
    await expect(guarded(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(call.calls).toHaveLength(0);
  });

  it("keeps keys apart, and forgets them", async () => {
    const { call, guarded } = stage(mode, {}, { key: (input: unknown) => input });
    void guarded("a");
    void guarded("b");
    await turn();
    expect(inputs(call)).toEqual(["a", "b"]);
    call.calls[0]?.resolve();
    await turn();
    void guarded("a");
    await turn();
    expect(inputs(call)).toEqual(["a", "b", "a"]);
  });
});

it("queue lets all that wait run, in order; one that aborts leaves", async () => {
  const { call, guarded } = stage("queue");
  const controller = new AbortController();
  void guarded(1);
  const second = watched(guarded(2, { signal: controller.signal }));
  void guarded(3);
  controller.abort(reason);
  await expect(second).rejects.toBe(reason);
  call.calls[0]?.resolve();
  await turn();
  expect(inputs(call)).toEqual([1, 3]);
});

it("drop rejects what comes meanwhile", async () => {
  const { call, guarded } = stage("drop");
  const first = guarded(1);
  expect(await reasonOf(guarded(2))).toSatisfy(isDropped);
  call.calls[0]?.resolve("done");
  expect(await first).toBe("done");
  expect(call.calls).toHaveLength(1);
});

describe("latest", () => {
  it("lets the one that runs go on, and of the others only the newest run", async () => {
    const { call, guarded } = stage("latest");
    const [first, second, third, fourth] = [1, 2, 3, 4].map((input) => watched(guarded(input)));
    expect(await reasonOf(second as Promise<unknown>)).toSatisfy(isDropped);
    expect(await reasonOf(third as Promise<unknown>)).toSatisfy(isDropped);
    expect(call.calls[0]?.signal.aborted).toBe(false);
    call.calls[0]?.resolve("first");
    expect(await first).toBe("first");
    await turn();
    expect(inputs(call)).toEqual([1, 4]);
    call.calls[1]?.resolve("fourth");
    expect(await fourth).toBe("fourth");
  });
});

describe("restart", () => {
  it("aborts the one that runs and rejects its caller at once, and the newest runs", async () => {
    const { call, guarded } = stage("restart");
    const all = [1, 2, 3].map((input) => watched(guarded(input)));
    const [first, second] = await Promise.all(all.slice(0, 2).map(reasonOf));
    expect(first).toSatisfy(isDropped);
    expect(second).toSatisfy(isDropped);
    expect(call.calls[0]?.signal.reason).toBe(first);
    await turn();
    expect(inputs(call)).toEqual([1, 3]);
    call.calls[1]?.resolve("done");
    expect(await all[2]).toBe("done");
  });

  it("does not let two overlap where the function does not listen", async () => {
    const { call, guarded } = stage("restart", { deaf: true });
    const first = watched(guarded(1));
    const second = guarded(2);
    expect(await stateOf(first)).toHaveProperty("reason.code", "DROPPED");
    expect(inputs(call)).toEqual([1]);
    call.calls[0]?.resolve("late");
    await turn();
    expect(inputs(call)).toEqual([1, 2]);
    call.calls[1]?.resolve("done");
    expect(await second).toBe("done");
  });

  it("restarts also one that was just let in, in whatever gap the newest comes", async () => {
    for (let gap = 0; gap < 10; gap++) {
      const { call, guarded } = stage("restart");
      void watched(guarded(1));
      const second = watched(guarded(2));
      for (let step = 0; step < gap; step++) await Promise.resolve();
      const before = call.calls.length;
      const third = guarded(3);
      expect(await reasonOf(second)).toSatisfy(isDropped);
      await turn();
      expect(inputs(call).slice(before)).toEqual([3]);
      call.calls.at(-1)?.resolve("done");
      expect(await third).toBe("done");
      expect(call.most).toBe(1);
    }
  });

  it("restarts one that calls itself before it has returned", async () => {
    let inner: Promise<unknown> | undefined;
    const guarded: (input: number) => Promise<unknown> = withPolicies(
      (input: number, { signal }) => {
        if (input === 1) inner = guarded(2);
        return new Promise((resolve, reject) => {
          if (input === 2) resolve("inner");
          if (signal.aborted) reject(signal.reason);
          else signal.addEventListener("abort", () => reject(signal.reason));
        });
      },
      overlap("restart"),
    );
    expect(await reasonOf(guarded(1))).toSatisfy(isDropped);
    expect(await inner).toBe("inner");
  });

  it("keeps a slot outside until the function has ended", async () => {
    const policy = limit(2);
    const call = held({ deaf: true });
    const guarded = withPolicies(call, policy, overlap("restart"));
    const first = reasonOf(guarded(1));
    void guarded(2);
    expect(await first).toSatisfy(isDropped);
    const other = held();
    void withPolicies(other, policy)(1);
    await turn();
    expect(other.calls).toHaveLength(0);
    call.calls[0]?.resolve();
    await turn();
    expect(other.calls).toHaveLength(1);
  });
});

it.each(["", "first", undefined, "__proto__"])("refuses %s", (mode) => {
  expect(() => overlap(mode as never)).toThrow(InvalidOptionError);
});

it("refuses options that it does not know", () => {
  expect(() => overlap("drop", { by: 1 } as never)).toThrow(InvalidOptionError);
});

it("in every mode lets one run at a time, settles every call, and is idle afterwards", async () => {
  await expectToHold(laneHolds(overlap), 150);
}, 30_000);
