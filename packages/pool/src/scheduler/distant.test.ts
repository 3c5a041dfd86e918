/** Workers that share no memory with the pool: they have to be asked for runs that they may have started. */
import { describe, expect, it } from "vitest";
import {
  echo,
  type FakePool,
  type FakeLink,
  quickWorker,
  turn,
} from "../../test/fake-transport.ts";

/** A distant worker that runs `"running"` and holds b and c, which it was asked for: something urgent waits. */
async function askedWorker(
  key?: string,
): Promise<FakePool & { worker: FakeLink; end: () => void; runs: Promise<unknown>[] }> {
  const fake = await quickWorker({ distant: true });
  const run = (input: string, priority = 0): Promise<unknown> =>
    fake.pool.run(echo, input, { priority, ...(key !== undefined && { key }) });
  const runs = [run("running"), run("b"), run("c")];
  await turn();
  const task = fake.worker.start();
  runs.push(run("urgent", 1));
  await turn();
  return { ...fake, runs, end: () => task?.done("running") };
}

describe.each([undefined, "key"])("what a distant worker was asked for, with the key %s", (key) => {
  it("is passed by what is urgent, and by nothing else that came later", async () => {
    const { pool, worker, end, runs } = await askedWorker(key);
    runs.push(pool.run(echo, "late", key === undefined ? {} : { key }));
    await turn();
    end();
    await turn();
    worker.giveBack();
    await turn();
    expect(worker.runAll()).toEqual(["urgent", "b", "c", "late"]);
    await Promise.all(runs);
  });

  it("may have started; then the others are not held up", async () => {
    const { worker, end, runs } = await askedWorker(key);
    end();
    const b = worker.start();
    worker.giveBack();
    await turn();
    expect(b?.input).toBe("b");
    b?.done("b");
    expect(worker.runAll()).toEqual(["urgent", "c"]);
    expect(await Promise.all(runs)).toEqual(["running", "b", "c", "urgent"]);
  });

  it("ends with the worker, and starts at the next one in its order", async () => {
    const { transport, worker, runs } = await askedWorker(key);
    const settled = Promise.allSettled(runs);
    worker.exit();
    await turn();
    const next = transport.worker(2);
    next.up();
    const inputs: unknown[] = [];
    for (const _ of runs.slice(1)) {
      await turn();
      inputs.push(...next.runAll());
    }
    expect(inputs).toEqual(["urgent", "b", "c"]);
    expect((await settled).map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
  });
});

describe("a run that a distant worker was asked for", () => {
  it("ends at once when it is cancelled, and leaves nothing behind when it comes back", async () => {
    const { pool, worker } = await quickWorker({ distant: true });
    const running = pool.run(echo, "running");
    const controller = new AbortController();
    const { signal } = controller;
    const given = pool.run(echo, "given", { signal });
    await turn();
    const task = worker.start();
    controller.abort("enough");
    await expect(given).rejects.toBe("enough");
    worker.giveBack();
    task?.done("running");
    await running;
    expect(worker.start()).toBeUndefined();
    await turn();
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 1 });
    expect(pool.tasks()).toEqual([]);
    await pool.close();
  });
});
