import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { FetchWatch } from "./fetch-watch.ts";

/** A watch that looks every 2.5 s; gives when it has renewed, in seconds. */
async function watched(
  seconds: number,
  {
    room = true,
    waiting = 1,
    jobEvery = Infinity,
  }: { room?: boolean; waiting?: number; jobEvery?: number },
): Promise<number[]> {
  const clock = virtualClock();
  const start = clock.now();
  const renewed: number[] = [];
  const watch = new FetchWatch({
    clock,
    hasRoom: () => room,
    waiting: () => Promise.resolve(waiting),
    renew: () => renewed.push((clock.now() - start) / 1_000),
  });
  for (let time = 2.5; time <= seconds; time += 2.5) {
    await clock.advance(2_500);
    if (time % jobEvery === 0) watch.fetched();
    await watch.look();
  }
  return renewed;
}

it("a worker that fetches nothing for 15 s although jobs wait is renewed, and again", async () => {
  expect(await watched(32, {})).toEqual([15, 30]);
});

it("one that has no room, no jobs to fetch, or fetches some, is left alone", async () => {
  expect(await watched(60, { room: false })).toEqual([]);
  expect(await watched(60, { waiting: 0 })).toEqual([]);
  expect(await watched(60, { jobEvery: 10 })).toEqual([]);
});
