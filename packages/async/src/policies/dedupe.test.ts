import { AsyncLocalStorage } from "node:async_hooks";
import { defineTasks, InvalidOptionError, withPolicies } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, stateOf, turn, watched } from "../../test/stage.ts";
import { expectToHold, joiningHolds } from "../../test/policy-properties.ts";
import { dedupe, eventLoop, limit } from "../index.ts";

const error = new Error("failed");

const tasks = defineTasks("dedupe", import.meta.url, {
  async double(n: number) {
    await turn();
    return n * 2;
  },
  async square(n: number) {
    await turn();
    return n * n;
  },
  *items(n: number) {
    for (let i = 0; i < n; i++) yield i;
    return "end";
  },
});

describe("calls with the same key", () => {
  it("are one while that is under way, and get one answer", async () => {
    const call = held();
    const guarded = withPolicies(call, dedupe());
    const all = [guarded("a"), guarded("a"), guarded("b")];
    await turn();
    expect(call.calls.map(({ input }) => input)).toEqual(["a", "b"]);
    const value = {};
    call.calls[0]?.resolve(value);
    call.calls[1]?.resolve("b");
    const [first, second] = await Promise.all(all);
    expect(first).toBe(value);
    expect(second).toBe(value);
  });

  it("share an error as well, and the next one is made anew", async () => {
    const call = held();
    const guarded = withPolicies(call, dedupe());
    const all = [reasonOf(guarded("a")), reasonOf(guarded("a"))];
    call.calls[0]?.reject(error);
    expect(await Promise.all(all)).toEqual([error, error]);
    void guarded("a");
    expect(call.calls).toHaveLength(2);
  });

  it("whose function throws free the key", async () => {
    let calls = 0;
    const guarded = withPolicies(() => {
      calls++;
      throw error;
    }, dedupe());
    expect(await reasonOf(guarded())).toBe(error);
    expect(await reasonOf(guarded())).toBe(error);
    expect(calls).toBe(2);
  });

  it("are told by a function of the input", async () => {
    const call = held<{ id: unknown }>();
    const guarded = withPolicies(call, dedupe({ key: (input: { id: unknown }) => input.id }));
    for (const id of [1, "1", 1, Number.NaN, Number.NaN]) void guarded({ id });
    await turn();
    expect(call.calls.map(({ input }) => input.id)).toEqual([1, "1", Number.NaN]);
  });

  it("reject with what the function of the input throws", async () => {
    const key = (): never => {
      throw error;
    };
    expect(await reasonOf(withPolicies(held(), dedupe({ key }))(1))).toBe(error);
  });

  it("of other functions are others", async () => {
    const policy = dedupe();
    const [a, b] = [held(), held()];
    const first = withPolicies(a, policy)(1);
    const second = withPolicies(b, policy)(1);
    a.calls[0]?.resolve("a");
    b.calls[0]?.resolve("b");
    expect(await Promise.all([first, second])).toEqual(["a", "b"]);
  });

  it("run in the async context of the first", async () => {
    const store = new AsyncLocalStorage<string>();
    const guarded = withPolicies(async () => store.getStore(), dedupe());
    const [first, second] = await Promise.all([
      store.run("A", () => guarded()),
      store.run("B", () => guarded()),
    ]);
    expect([first, second]).toEqual(["A", "A"]);
  });
});

describe("a caller that aborts", () => {
  it("gets its own reason at once, and the others their answer", async () => {
    const call = held();
    const guarded = withPolicies(call, dedupe());
    const controller = new AbortController();
    const { signal } = controller;
    const first = watched(guarded("a", { signal }));
    const second = guarded("a");
    controller.abort(reason);
    expect(await stateOf(first)).toEqual({ reason });
    expect(listeners(signal)).toBe(0);
    expect(call.calls[0]?.signal.aborted).toBe(false);
    call.calls[0]?.resolve("done");
    expect(await second).toBe("done");
  });

  it("last aborts the call, and frees the key in the same step", async () => {
    const call = held({ deaf: true });
    const guarded = withPolicies(call, dedupe());
    const controllers = [new AbortController(), new AbortController()];
    const results = controllers.map(({ signal }) => watched(guarded("a", { signal })));
    controllers[1]?.abort("second");
    expect(call.calls[0]?.signal.aborted).toBe(false);
    controllers[0]?.abort("first");
    const newcomer = guarded("a");
    expect(call.calls[0]?.signal.reason).toBe("first");
    expect(call.calls).toHaveLength(2);
    call.calls[0]?.reject(error); // late, and nobody's any more
    await turn();
    const joins = guarded("a");
    expect(call.calls).toHaveLength(2);
    call.calls[1]?.resolve("new");
    expect(await Promise.all([newcomer, joins])).toEqual(["new", "new"]);
    expect(await stateOf(results[0] as Promise<unknown>)).toEqual({ reason: "first" });
    expect(await stateOf(results[1] as Promise<unknown>)).toEqual({ reason: "second" });
  });

  it("from within the function is seen", async () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const guarded = withPolicies(async (_input: number, { signal }) => {
      controller.abort(reason);
      seen.push(signal.reason);
    }, dedupe());
    expect(await reasonOf(guarded(1, { signal: controller.signal }))).toBe(reason);
    expect(seen).toEqual([reason]);
  });

  it("before the start joins nothing", async () => {
    const call = held();
    const guarded = withPolicies(call, dedupe());
    await expect(guarded(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(call.calls).toHaveLength(0);
  });

  it("of 20,000 of one signal is one listener", async () => {
    const call = held();
    const guarded = withPolicies(call, dedupe());
    const controller = new AbortController();
    const { signal } = controller;
    const all = Array.from({ length: 20_000 }, () => reasonOf(guarded("a", { signal })));
    expect(listeners(signal)).toBe(1);
    controller.abort(reason);
    expect(new Set(await Promise.all(all))).toEqual(new Set([reason]));
  });

  it("last keeps a slot outside until the call has ended", async () => {
    const policy = limit(1);
    const call = held({ deaf: true });
    const controller = new AbortController();
    const guarded = withPolicies(call, policy, dedupe());
    const result = watched(guarded("a", { signal: controller.signal }));
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    const other = held();
    void withPolicies(other, policy)(1);
    await turn();
    expect(other.calls).toHaveLength(0);
    call.calls[0]?.resolve();
    await turn();
    expect(other.calls).toHaveLength(1);
  });
});

it("forgets a key on request; who waits is still answered", async () => {
  const call = held();
  const policy = dedupe();
  const guarded = withPolicies(call, policy);
  const old = guarded("a");
  policy.forget("a");
  const young = guarded("a");
  call.calls[0]?.resolve("old");
  expect(await old).toBe("old");
  const joins = guarded("a");
  call.calls[1]?.resolve("young");
  expect(await Promise.all([young, joins])).toEqual(["young", "young"]);
  expect(call.calls).toHaveLength(2);
  policy.forget("nothing");
});

describe("an executor", () => {
  it("joins runs of the same task only", async () => {
    const executor = withPolicies(eventLoop(), dedupe());
    const results = await Promise.all([
      executor.run(tasks.double, 3),
      executor.run(tasks.double, 3),
      executor.run(tasks.square, 3),
      executor.submit(tasks.square, 3).result,
    ]);
    expect(results).toEqual([6, 6, 9, 9]);
    expect(executor.stats().completed).toBe(2);
    expect(await executor.map(tasks.double, [1, 1, 2]).toArray()).toEqual([2, 2, 4]);
    expect(executor.stats().completed).toBe(4);
    await executor.close();
  });

  it("never joins streams, whose items have one reader", async () => {
    const executor = withPolicies(eventLoop(), dedupe());
    const read = async (): Promise<number[]> => {
      const items: number[] = [];
      for await (const item of executor.stream(tasks.items, 2)) items.push(item);
      return items;
    };
    expect(await Promise.all([read(), read()])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    await executor.close();
  });

  it("goes on for those who wait when the one that began it cancels", async () => {
    const executor = withPolicies(eventLoop(), dedupe());
    const first = executor.submit(tasks.double, 3);
    const second = executor.run(tasks.double, 3);
    first.cancel(reason);
    await expect(first.result).rejects.toBe(reason);
    expect(await second).toBe(6);
    await executor.close();
  });
});

it("refuses options that it does not know", () => {
  expect(() => dedupe({ by: 1 } as never)).toThrow(InvalidOptionError);
  expect(() => dedupe({ key: "id" } as never)).toThrow(InvalidOptionError);
});

it("gives each caller one answer, its own reason or that of a call that it joined", async () => {
  await expectToHold(joiningHolds(dedupe), 25);
}, 30_000);
