import { expect, it } from "vitest";
import { echo, type FakeLink, type FakePool, fakePool, turn } from "../../test/fake-transport.ts";
import { Report } from "../codec/protocol.ts";
import { dueAfter, nextToRetire } from "./turnover.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** As much of a worker as the choice looks at: up, and with tasks left. */
function worker(traits: Partial<Record<keyof WorkerHandle, unknown>>): WorkerHandle {
  const base = { state: "up", quota: 100, due: 90, sender: { given: 1 } };
  return { ...base, ...traits } as WorkerHandle;
}

const worn = worker({ sender: { given: 95 } });

it("lets a worker go a tenth sooner than it must where there may be others, and never without a task", () => {
  expect(dueAfter(100, 2)).toBe(90);
  expect(dueAfter(100, 1)).toBe(100);
  expect([1, 2, 9].map((tasks) => dueAfter(tasks, 4))).toEqual([1, 2, 9]);
  expect(dueAfter(Infinity, 4)).toBe(Infinity);
});

it("picks the first worker that is due", () => {
  const other = worker({ sender: { given: 99 } });
  expect(nextToRetire([worker({}), worn, other])).toBe(worn);
  expect(nextToRetire([worker({})])).toBeUndefined();
});

it.each<[string, Parameters<typeof worker>[0]]>([
  ["starts", { state: "starting" }],
  ["leaves", { state: "leaving" }],
  ["has had all it may have", { sender: { given: 100 } }],
])("picks nobody while another one %s", (_, traits) => {
  expect(nextToRetire([worn, worker(traits)])).toBeUndefined();
});

/** A pool whose workers start at once and run one task at a time, and those workers. */
async function served(
  size: number,
  options: Parameters<typeof fakePool>[0],
): Promise<FakePool & { readonly step: () => Promise<void> }> {
  const fake = fakePool({ workers: { min: size, max: size, idle: Infinity }, ...options });
  fake.transport.prompt = true;
  await fake.pool.ready();
  /** Each of them runs what it has. */
  const step = async (): Promise<void> => {
    for (const link of fake.transport.alive) {
      for (let task = link.start(); task; task = link.start()) task.done(0, 10);
    }
    await turn();
  };
  return { ...fake, step };
}

/** How many of them can serve. */
const serving = (links: FakeLink[]): number => links.filter(({ dismissed }) => !dismissed).length;

it("replaces workers one after the other, while the others go on", async () => {
  const { pool, transport, step } = await served(4, { tasksPerWorker: 100 });
  const results = Promise.all(Array.from({ length: 1_000 }, (_, n) => pool.run(echo, n)));
  let fewest = Infinity;
  for (const link of transport.links) link.stubborn = true;
  while (pool.stats().completed < 1_000) {
    await step();
    for (const link of transport.alive) {
      if (!link.dismissed) link.stubborn = true;
      else fewest = Math.min(fewest, serving(transport.alive));
    }
    for (const link of transport.alive) if (link.dismissed) link.exit({ exitCode: 0 });
    await turn();
  }
  await results;
  expect(transport.links.length).toBeGreaterThan(8);
  expect(fewest).toBe(3);
  expect(pool.stats().restarts).toBe(0);
});

it("replaces a worker that keeps too much once it holds nothing", async () => {
  const { pool, transport, step } = await served(2, {});
  const [first] = transport.links;
  const running = [1, 2].map((n) => pool.run(echo, n));
  await turn();
  first?.report([Report.full]);
  expect(first?.dismissed).toBe(false);
  await step();
  expect(transport.links.map(({ dismissed }) => dismissed)).toEqual([true, false]);
  await Promise.all(running);
});

it("replaces one that rests, and the next one when that has been replaced", async () => {
  const { pool, transport, step } = await served(2, {});
  const [first, second] = transport.links;
  if (first) first.stubborn = true;
  for (const link of transport.links) link.report([Report.full]);
  expect([first?.dismissed, second?.dismissed]).toEqual([true, false]);
  const result = pool.run(echo, 1);
  await turn();
  await step();
  expect(await result).toBe(0);
  first?.exit({ exitCode: 0 });
  expect(second?.dismissed).toBe(true);
});

it("replaces the only worker there is, and runs what waits on the next", async () => {
  const { pool, transport, step } = await served(1, {});
  const results = Promise.all([1, 2, 3].map((n) => pool.run(echo, n)));
  await turn();
  transport.worker(1).report([Report.full]);
  for (let n = 0; n < 6; n++) await step();
  expect(await results).toEqual([0, 0, 0]);
  expect(transport.links).toHaveLength(2);
});
