import { describe, expect, expectTypeOf, it } from "vitest";
import { allOf } from "../../test/all-of.ts";
import { stateOf, turn } from "../../test/state-of.ts";
import { channel } from "./channel.ts";
import type { OwnReceiveChannel } from "./local-channel.ts";
import { pipeline } from "./pipeline.ts";
import { stage } from "./stage.ts";

const value = (of: unknown): object => ({ done: false, value: of });

/** A function whose calls end when the test says so. */
function gates(): {
  readonly call: (n: number, context: { signal: AbortSignal }) => Promise<string>;
  readonly running: Map<number, { open: () => void; fail: (error: unknown) => void }>;
  readonly most: () => number;
} {
  const running = new Map<number, { open: () => void; fail: (error: unknown) => void }>();
  let most = 0;
  return {
    running,
    most: () => most,
    call: (n, { signal }) =>
      new Promise((resolve, reject) => {
        const leave = (): void => void running.delete(n);
        running.set(n, {
          open: () => (leave(), resolve(`done ${n}`)),
          fail: (error) => (leave(), reject(error)),
        });
        signal.addEventListener("abort", () => (leave(), reject(signal.reason as Error)));
        most = Math.max(most, running.size);
      }),
  };
}

describe("a pipeline", () => {
  it("passes values through its steps in order", async () => {
    const results = pipeline(
      [1, 2, 3],
      (n: number) => n + 1,
      stage(async (n: number) => n * 10, { concurrency: 2, capacity: 3 }),
      String,
    );
    expectTypeOf(results).toEqualTypeOf<OwnReceiveChannel<string>>();
    expect(await allOf(results)).toEqual(["20", "30", "40"]);
    expect(await allOf(pipeline([1, 2]))).toEqual([1, 2]);
  });

  it("keeps the order of a stage with several at work, and no more than that", async () => {
    const { call, running, most } = gates();
    const results = pipeline([0, 1, 2, 3, 4], stage(call, { concurrency: 3 }));
    await turn();
    expect([...running.keys()]).toEqual([0, 1, 2]);
    running.get(2)!.open();
    running.get(1)!.open();
    const first = results.receive();
    expect(await stateOf(first)).toBe("pending");
    expect([...running.keys()]).toEqual([0]);
    running.get(0)!.open();
    expect(await first).toEqual(value("done 0"));
    expect([await results.receive(), await results.receive()]).toEqual([
      value("done 1"),
      value("done 2"),
    ]);
    await turn();
    for (const gate of running.values()) gate.open();
    expect(await allOf(results)).toEqual(["done 3", "done 4"]);
    expect(most()).toBe(3);
  });

  it("gives results as they come where a stage is not ordered", async () => {
    const { call, running, most } = gates();
    const results = pipeline([0, 1, 2], stage(call, { concurrency: 2, ordered: false }));
    await turn();
    running.get(1)!.open();
    expect(await results.receive()).toEqual(value("done 1"));
    await turn();
    expect([...running.keys()]).toEqual([0, 2]);
    running.get(2)!.open();
    running.get(0)!.open();
    expect(await allOf(results)).toEqual(["done 2", "done 0"]);
    expect(most()).toBe(2);
  });

  it("reads no more of an endless source than is asked for", async () => {
    let read = 0;
    function* numbers(): Generator<number> {
      for (;;) yield read++;
    }
    const steps = [stage((n: number) => n, { concurrency: 2 }), stage((n: number) => n)];
    const results = pipeline(numbers(), ...steps);
    await turn();
    const before = read;
    expect(before).toBeLessThanOrEqual(5);
    await turn();
    expect(read).toBe(before);
    for (let n = 0; n < 10; n++) expect(await results.receive()).toEqual(value(n));
    await turn();
    expect(read).toBe(before + 10);
    results.cancel();
  });

  it.each([
    ["ordered", { concurrency: 2 }],
    ["not ordered", { concurrency: 2, ordered: false }],
    ["one at a time", {}],
  ])(
    "that fails in a stage which is %s stops all, waits for it, and tells the error",
    async (_, options) => {
      const { call, running } = gates();
      const source = channel<number>({ capacity: 4 });
      for (let n = 0; n < 4; n++) await source.send(n);
      const results = pipeline(source, stage(call, options), (text: string) => text);
      const received = results.receive();
      await turn();
      running.get(0)!.fail("broken");
      await expect(received).rejects.toBe("broken");
      await expect(results.receive()).rejects.toBe("broken");
      expect([running.size, source.closed]).toEqual([0, true]);
    },
  );

  it("whose source fails tells that error", async () => {
    const source = channel<number>();
    const results = pipeline(
      source,
      stage((n: number) => n, { concurrency: 3 }),
    );
    source.close("no more");
    await expect(results.receive()).rejects.toBe("no more");
  });

  it.each([true, false])(
    "that is left aborts what runs and cancels its source (ordered: %s)",
    async (ordered) => {
      const { call, running } = gates();
      const source = channel<number>();
      const results = pipeline(source, stage(call, { concurrency: 2, ordered }));
      await source.send(0);
      await source.send(1);
      const sending = source.send(2).catch(() => "refused");
      running.get(0)!.open();
      for await (const text of results) {
        expect(text).toBe("done 0");
        break;
      }
      await turn();
      expect([running.size, source.closed]).toEqual([0, true]);
      await sending;
      expect(await results.receive()).toEqual({ done: true, value: undefined });
    },
  );

  it.each([
    [{ concurrency: 0 }, "concurrency must be a whole number from 1 up"],
    [{ capacity: -1 }, "capacity must be a whole number from 0 up"],
    [{ ordered: 1 }, "ordered must be a boolean"],
  ])("refuses a stage with %o", (options, message) => {
    expect(() => stage((n: number) => n, options as never)).toThrow(message);
  });
});
