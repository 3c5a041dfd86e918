import { describe, expect, it } from "vitest";
import { MapIteration, type MapHost } from "./map-iteration.ts";
import { systemClock } from "./system-clock.ts";
import type { TaskRun } from "./task-run.ts";

/** Starts tasks that end only when they are cancelled, and then at once. */
function cancelling(started: unknown[]): MapHost {
  return {
    clock: systemClock,
    concurrency: 2,
    launch(input, _options, onSettled) {
      started.push(input);
      const cancel = (value: unknown): void => onSettled({ ok: false, value });
      return { settled: false, cancel } as unknown as TaskRun;
    },
  };
}

describe("an abort", () => {
  const ways = [true, false].flatMap((settle) =>
    [true, false].map((ordered) => ({ settle, ordered })),
  );

  it.each(ways)("ends the map with its reason and starts nothing more, %o", async (options) => {
    const controller = new AbortController();
    const started: unknown[] = [];
    const { signal } = controller;
    const map = new MapIteration([1, 2, 3, 4], () => ({ ...options, signal }), cancelling(started));
    const next = map.next();

    controller.abort("enough");

    await expect(next).rejects.toBe("enough");
    expect(started).toEqual([1, 2]);
    await expect(map.next()).resolves.toEqual({ done: true, value: undefined });
  });
});
