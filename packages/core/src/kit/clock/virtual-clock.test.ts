import { expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.ts";

it("stands still until it is moved", async () => {
  const clock = virtualClock(1000);
  expect([clock.now(), clock.date()]).toEqual([0, 1000]);
  await clock.advance(50);
  expect([clock.now(), clock.date()]).toEqual([50, 1050]);
});

it("fires what falls due, in order of time and then of setting, at its own time", async () => {
  const clock = virtualClock();
  const fired: string[] = [];
  const set = (name: string, delay: number): void => {
    clock.after(delay, () => fired.push(`${name} at ${clock.now()}`));
  };
  set("c", 20);
  set("a", 10);
  set("b", 10);
  set("d", 2 ** 40);
  await clock.advance(20);
  expect(fired).toEqual(["a at 10", "b at 10", "c at 20"]);
  expect(clock.pending).toBe(1);
  await clock.advance(2 ** 40);
  expect(fired).toHaveLength(4);
  expect(clock.pending).toBe(0);
});

it("sees a timer that a promise reaction sets on the way", async () => {
  const clock = virtualClock();
  const fired: number[] = [];
  clock.after(10, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => clock.after(5, () => fired.push(clock.now())));
  });
  await clock.advance(100);
  expect(fired).toEqual([15]);
});

it("does not fire what was cancelled, also by an earlier timer", async () => {
  const clock = virtualClock();
  let calls = 0;
  const later = clock.after(10, () => calls++);
  clock.after(5, () => later.cancel());
  const own = clock.after(7, () => own.cancel());
  await clock.advance(100);
  expect(calls).toBe(0);
  expect(clock.pending).toBe(0);
});

it("takes a delay below zero for none, and Infinity for never", async () => {
  const clock = virtualClock();
  let calls = 0;
  clock.after(-1, () => calls++);
  clock.after(Infinity, () => calls++);
  await clock.advance(0);
  expect(calls).toBe(1);
  expect(clock.pending).toBe(1);
});
