import { getEventListeners } from "node:events";
import { isQuintetError } from "@quintet/core";
import { threads } from "@quintet/threads";
import { expect, it } from "vitest";
import { randomNumbers } from "./random-numbers.ts";
import { work } from "./task-files/work.tasks.ts";

const threadsHere = (): number =>
  process.getActiveResourcesInfo().filter((name) => /MessagePort|Worker/.test(name)).length;

it("settles each of 10,000 tasks once, whatever ends it, and leaves nothing behind", async () => {
  const random = randomNumbers(2026);
  const before = threadsHere();
  const pool = threads({ size: 2, grace: 20, tasksPerWorker: 2_000 });
  const controllers: AbortController[] = [];
  const counts = { value: 0, own: 0, aborted: 0, timeout: 0, lost: 0 };
  const wrong: unknown[] = [];
  const results = Array.from({ length: 10_000 }, async (_, index) => {
    const n = index + 1;
    const roll = random();
    const controller = roll < 0.2 ? new AbortController() : undefined;
    if (controller) controllers.push(controller);
    const timeout = roll > 0.95 ? 1 : undefined;
    const priority = Math.floor(random() * 3);
    try {
      const value = await pool.run(work.soak, n, { signal: controller?.signal, timeout, priority });
      counts.value++;
      if (value !== n) wrong.push({ n, value });
    } catch (error) {
      if (error === "enough") counts.aborted++;
      else if (isQuintetError(error, "TIMEOUT")) counts.timeout++;
      // Only the guilty pay: nobody else loses its worker or hears another's error.
      else if (isQuintetError(error, "WORKER_LOST") && n % 997 === 0) counts.lost++;
      else if (error instanceof RangeError && error.message === `task ${n}`) counts.own++;
      else wrong.push({ n, error });
    }
  });
  for (const controller of controllers) {
    if (random() < 0.3) controller.abort("enough");
    else setTimeout(() => controller.abort("enough"), random() * 300);
  }
  await Promise.all(results);
  await pool.close();
  expect(wrong).toEqual([]);
  expect(Object.values(counts).every((times) => times > 0)).toBe(true);
  const { completed, failed, cancelled, queued, running, workers } = pool.stats();
  expect(counts.value + counts.own + counts.aborted + counts.timeout + counts.lost).toBe(10_000);
  expect({ completed, failed, cancelled }).toEqual({
    completed: counts.value,
    failed: counts.own + counts.lost,
    cancelled: counts.aborted + counts.timeout,
  });
  expect({ queued, running, workers }).toEqual({ queued: 0, running: 0, workers: 0 });
  expect(controllers.flatMap(({ signal }) => getEventListeners(signal, "abort"))).toEqual([]);
  expect(threadsHere()).toBe(before);
});

it("aborts 5,000 queued tasks that share a signal at once, and goes on", async () => {
  await using pool = threads({ size: 2, grace: 50 });
  await pool.ready();
  const controller = new AbortController();
  const { signal } = controller;
  const results = Promise.allSettled(
    Array.from({ length: 5_000 }, (_, n) => pool.run(work.echo, { n }, { signal })),
  );
  controller.abort("all");
  const reasons = (await results).map((result) => result.status === "rejected" && result.reason);
  expect(reasons.every((reason) => reason === "all")).toBe(true);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(await pool.run(work.echo, "next")).toBe("next");
  expect(pool.stats()).toMatchObject({ cancelled: 5_000, completed: 1, queued: 0, running: 0 });
});
