import { afterEach, expect, it, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

const day = 24 * 60 * 60 * 1000;

it("tells time that grows, and the date", () => {
  const before = systemClock.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  expect(Math.abs(systemClock.date() - Date.now())).toBeLessThan(1000);
});

it("calls back once, after the delay and not before", () => {
  vi.useFakeTimers();
  let calls = 0;
  systemClock.after(100, () => calls++);
  vi.advanceTimersByTime(99);
  expect(calls).toBe(0);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(1);
  vi.advanceTimersByTime(day);
  expect(calls).toBe(1);
});

it.each([25 * day, 100 * day, 2 ** 40])("keeps a delay past 2^31 ms: %d", (delay) => {
  vi.useFakeTimers();
  let calls = 0;
  systemClock.after(delay, () => calls++);
  vi.advanceTimersByTime(delay - 1);
  expect(calls).toBe(0);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("never calls back after Infinity, and leaves no timer once cancelled", () => {
  vi.useFakeTimers();
  let calls = 0;
  const timer = systemClock.after(Infinity, () => calls++);
  vi.advanceTimersByTime(50 * day);
  expect(vi.getTimerCount()).toBe(1);
  timer.cancel();
  expect(vi.getTimerCount()).toBe(0);
  expect(calls).toBe(0);
});

it("waits on when the platform's timer fires early", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let calls = 0;
  systemClock.after(3_600_000, () => calls++);
  // The timers run ahead, while performance.now() stands still.
  vi.advanceTimersByTime(3_600_000);
  expect(calls).toBe(0);
  expect(vi.getTimerCount()).toBe(1);
  vi.clearAllTimers();
});

it("can be cancelled before, twice, after it fired, and in its own callback", () => {
  vi.useFakeTimers();
  let calls = 0;
  const cancelled = systemClock.after(10, () => calls++);
  cancelled.cancel();
  cancelled.cancel();
  const own = systemClock.after(10, () => {
    calls++;
    own.cancel();
  });
  vi.advanceTimersByTime(20);
  own.cancel();
  expect(calls).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("takes a delay below zero for none", () => {
  vi.useFakeTimers();
  let calls = 0;
  systemClock.after(-5, () => calls++);
  vi.advanceTimersByTime(0);
  expect(calls).toBe(1);
});

it("keeps the process alive for a timer, but not for one in the background", () => {
  const timeouts = (): number =>
    process.getActiveResourcesInfo().filter((type) => type === "Timeout").length;
  const before = timeouts();
  const background = systemClock.after(day, () => {}, { background: true });
  expect(timeouts()).toBe(before);
  const timer = systemClock.after(day, () => {});
  expect(timeouts()).toBe(before + 1);
  timer.cancel();
  background.cancel();
  expect(timeouts()).toBe(before);
});
