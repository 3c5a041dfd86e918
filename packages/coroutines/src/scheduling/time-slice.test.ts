import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { TimeSlice } from "./time-slice.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a slice", () => {
  it("is over once its time is spent, and there is a new one in the next turn", async () => {
    const clock = handClock();
    const slice = new TimeSlice(clock, 10);
    let steps = 0;
    for (; !slice.spend(); steps++) clock.spend(1);
    expect(steps).toBe(10);
    expect(slice.over).toBe(true);
    expect(slice.spend()).toBe(true);
    await turn();
    expect(slice.over).toBe(false);
    expect(slice.spend()).toBe(false);
  });

  it("begins with its first step, not with the turn", async () => {
    const clock = handClock();
    const slice = new TimeSlice(clock, 10);
    clock.spend(1000);
    expect(slice.spend()).toBe(false);
    clock.spend(9);
    expect(slice.spend()).toBe(false);
    clock.spend(1);
    expect(slice.spend()).toBe(true);
  });

  it("looks at the clock rarely while steps are short, and at once when they are long", async () => {
    const clock = handClock();
    const looks: number[] = [];
    const now = (): number => {
      looks.push(clock.now());
      return clock.now();
    };
    const slice = new TimeSlice({ ...clock, now }, 10);
    for (let step = 0; step < 1600; step++) slice.spend();
    expect(looks.length).toBeLessThan(120);
    clock.spend(5);
    looks.length = 0;
    while (looks.length === 0) slice.spend();
    clock.spend(1);
    expect(slice.spend()).toBe(false);
    expect(looks).toHaveLength(2);
    clock.spend(4);
    expect(slice.spend()).toBe(true);
  });

  it("is over after very many steps even when its clock stands still", () => {
    const slice = new TimeSlice(handClock(), 10);
    let steps = 0;
    while (!slice.spend()) steps++;
    expect(steps).toBeGreaterThan(10_000);
    expect(steps).toBeLessThan(17_000);
  });

  it("lets those who wait go on in the order in which they came, and none of them twice before the others", async () => {
    const clock = handClock();
    const slice = new TimeSlice(clock, 10);
    const log: string[] = [];
    const greedy = (name: string): (() => void) => {
      const run = (): void => {
        log.push(name);
        while (!slice.spend()) clock.spend(1);
        if (log.length < 9) slice.next(run);
      };
      return run;
    };
    for (const name of ["a", "b", "c"]) slice.next(greedy(name));
    while (log.length < 9) await turn();
    expect(log.join("")).toBe("abcabcabc");
  });
});

it("timers fire between two slices", async () => {
  const slice = new TimeSlice({ ...handClock(), now: () => performance.now() }, 2);
  const fired: true[] = [];
  setTimeout(() => fired.push(true), 0);
  await new Promise<void>((resolve) => {
    const run = (): void => {
      while (fired.length === 0 && !slice.spend());
      if (fired.length > 0) resolve();
      else slice.next(run);
    };
    run();
  });
  expect(fired).toEqual([true]);
});
