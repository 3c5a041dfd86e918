import { virtualClock } from "@quintet/core/kit";
import { beforeEach, expect, it } from "vitest";
import { MemoryWatch } from "./memory-watch.ts";

const clock = virtualClock();
let memory = 0;
let told = 0;
let looks = 0;
beforeEach(() => void (memory = told = looks = 0));

function watch(limit: number): MemoryWatch {
  const read = (): number => {
    looks++;
    return memory;
  };
  const made = new MemoryWatch(read, () => void told++, clock);
  made.limit(limit);
  return made;
}

it("never looks where there is no limit", () => {
  expect(watch(Infinity).due).toBe(Infinity);
});

it("looks after the first task, and again 100 ms later", () => {
  const watched = watch(10);
  expect(watched.due).toBe(0);
  watched.look(5);
  expect([watched.due, looks, told]).toEqual([105, 1, 0]);
});

it("tells once of what is still there 100 ms later", async () => {
  const watched = watch(10);
  memory = 11;
  watched.look(5);
  expect([watched.due, told]).toEqual([Infinity, 0]);
  await clock.advance(100);
  expect([watched.due, told]).toEqual([Infinity, 1]);
});

it("does not tell of what is gone by then, and goes on looking", async () => {
  const watched = watch(10);
  memory = 11;
  watched.look(5);
  memory = 10;
  await clock.advance(100);
  expect([watched.due, told]).toEqual([0, 0]);
});
