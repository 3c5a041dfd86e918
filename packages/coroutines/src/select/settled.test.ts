import { expect, it, vi } from "vitest";
import { stateOf, turn } from "../../test/state-of.ts";
import { spawn } from "../by-hand/spawn.ts";
import { wait } from "../by-hand/wait.ts";
import { channel } from "../channels/channel.ts";
import { select, trySelect } from "./select.ts";
import { settled } from "./settled.ts";

it("is ready with the result of a promise, or of what has one", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const selecting = select({ one: settled(promise) });
  expect(await stateOf(selecting)).toBe("pending");
  resolve(1);
  expect(await selecting).toEqual({ arm: "one", value: 1 });
  expect(trySelect({ one: settled(promise) })).toEqual({ arm: "one", value: 1 });
  const job = { result: Promise.resolve("done") };
  expect(await select({ job: settled(job) })).toEqual({ arm: "job", value: "done" });
});

it("fails with the error, each time it is asked", async () => {
  const failed = { result: Promise.reject(new Error("broken")) };
  await expect(select({ job: settled(failed) })).rejects.toThrow("broken");
  await turn();
  await expect(select({ job: settled(failed) })).rejects.toThrow("broken");
});

it("adds one reaction to a promise, however many selects have waited for it", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const then = vi.spyOn(promise, "then");
  const c = channel<number>();
  for (let n = 0; n < 100; n++) {
    const selecting = select({ never: settled(promise), c: c.receiving() });
    c.trySend(n);
    expect((await selecting).arm).toBe("c");
  }
  const waiting = [select({ one: settled(promise) }), select({ one: settled(promise) })];
  resolve(5);
  expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual([5, 5]);
  expect(then).toHaveBeenCalledTimes(1);
});

it("waits for coroutines by hand, which receive nothing after their cancel", async () => {
  const c = channel<number>();
  const received: number[] = [];
  const handle = spawn(function* () {
    for (;;) {
      const { done, value } = yield* wait((signal) => c.receive({ signal }));
      if (done) return received.length;
      received.push(value);
    }
  });
  await c.send(1);
  await c.send(2);
  c.close();
  expect(await select({ count: settled(handle) })).toEqual({ arm: "count", value: 2 });

  const other = channel<number>();
  const cancelled = spawn(function* () {
    yield* wait((signal) => other.receive({ signal }));
  });
  await turn();
  expect(other.waiting.receivers).toBe(1);
  cancelled.cancel("enough");
  await expect(select({ cancelled: settled(cancelled) })).rejects.toBe("enough");
  expect([other.waiting.receivers, other.trySend(1), received]).toEqual([0, false, [1, 2]]);
});
