import { systemClock } from "@quintet/core/kit";
import { expect, it, onTestFinished, vi } from "vitest";
import { turn } from "../../test/state-of.ts";
import { breath, breathWith } from "./breath.ts";
import { channel } from "./channel.ts";

let now = 1e9;

/** Begins after a pause; from then on each look at the clock finds that so many milliseconds have passed. */
async function afterPause(milliseconds: number): Promise<void> {
  let step = 10;
  vi.spyOn(systemClock, "now").mockImplementation(() => (now += step));
  onTestFinished(() => void vi.restoreAllMocks());
  await Promise.all(times(1_024));
  step = milliseconds;
}

const times = (count: number): Promise<void>[] => Array.from({ length: count }, () => breath());

it("resolves at once while little time has passed", async () => {
  await afterPause(0);
  let turned = false;
  setImmediate(() => (turned = true));
  await Promise.all(times(10_000));
  expect(turned).toBe(false);
});

it("resolves everything in the next turn once operations have gone on for long, then at once again", async () => {
  await afterPause(10);
  const all = times(1_024);
  const later = all.at(-1);
  expect(new Set(all.slice(0, -1))).toEqual(new Set([all[0]]));
  expect(later).not.toBe(all[0]);
  expect(new Set(times(5_000))).toEqual(new Set([later]));
  const valued = breathWith("a value");
  let turned = false;
  setImmediate(() => (turned = true));
  expect(await valued).toBe("a value");
  await turn();
  expect(turned).toBe(true);
  expect(breath()).toBe(all[0]);
});

it("gives timers their turn however many coroutines there are", async () => {
  await afterPause(10);
  let operations = 0;
  const turned = new AbortController();
  setImmediate(() => turned.abort());
  const pairs = Array.from({ length: 300 }, async () => {
    const c = channel<number>({ capacity: 1 });
    while (!turned.signal.aborted) {
      await c.send(1);
      await c.receive();
      operations += 2;
    }
  });
  await Promise.all(pairs);
  expect(operations).toBeLessThan(1_024 + 4 * 300);
});
