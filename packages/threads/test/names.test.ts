import { inline, move } from "@quintet/core";
import { LocalDesk, RunNames, systemClock } from "@quintet/core/kit";
import { threads, type ThreadPool } from "@quintet/threads";
import { afterEach, describe, expect, it } from "vitest";
import { named } from "./task-files/names.tasks.ts";

const pools: ThreadPool[] = [];
const make = (...args: Parameters<typeof threads>): ThreadPool => {
  const pool = threads(...args);
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close({ cancel: true });
});

describe("semaphores and channels of a pool, by name", () => {
  it("guard memory that tasks share, also of a map that goes out in batches", async () => {
    const pool = make({ size: 2 });
    const cell = new Int32Array(new SharedArrayBuffer(4));
    const inputs = Array.from({ length: 40 }, () => cell);
    const tokens = await pool.map(named.increment, inputs).toArray();
    expect(cell[0]).toBe(40);
    expect(new Set(tokens).size).toBe(40);
  });

  it("answer while their caller blocks", () => {
    const pool = make({ size: 1 });
    const asks = inline(async (n: number, { semaphore, channel }) => {
      const permit = await semaphore("s", 2).acquire({ weight: 2 });
      const results = channel<number>("results", { capacity: 1 });
      await results.send(n);
      return [permit.weight, (await results.receive()).value];
    });
    expect(pool.runSync(asks, 7)).toEqual([2, 7]);
    expect(pool.runSync(asks, 8)).toEqual([2, 8]);
  });

  it("move what is marked with move, and copy the rest", async () => {
    const pool = make({ size: 1 });
    expect(await pool.run(named.sendsBytes, 8)).toEqual([0, 8]);
    const bytes = pool.channel("bytes");
    expect(await bytes.receive()).toEqual({ done: false, value: new Uint8Array(8).fill(7) });
    expect(await bytes.receive()).toEqual({ done: false, value: new Uint8Array(8) });
    const own = new Uint8Array(4);
    await bytes.send(move(own));
    expect([own.byteLength, (await bytes.receive()).value]).toEqual([0, new Uint8Array(4)]);
  });

  it("go back when the worker dies, so that the next attempt has them", async () => {
    const pool = make({ size: 2 });
    const dies = inline(async (_: undefined, { attempt, semaphore }) => {
      await semaphore("only one").acquire();
      if (attempt === 1) process.exit(3);
      return attempt;
    });
    expect(await pool.run(dies, undefined, { retries: 1 })).toBe(2);
    expect(await pool.semaphore("only one").tryAcquire()).toBeDefined();
  });

  it("keep step with a stream of the same task", async () => {
    const pool = make({ size: 2 });
    const counts = inline(async function* (length: number, { channel }) {
      for (let n = 0; n < length; n++) {
        await channel<number>("beside", { capacity: 1 }).send(n);
        yield n;
      }
    });
    const beside = pool.channel<number>("beside", { capacity: 1 });
    for await (const item of pool.stream(counts, 50))
      expect((await beside.receive()).value).toBe(item);
  });

  it("tell a task that it cannot have a value which was sent where values do not travel", async () => {
    const pool = make({ size: 1 });
    const desk = new LocalDesk(systemClock);
    const names = Object.assign(new RunNames(desk), { desk });
    const receives = inline(async (_: undefined, { channel }) => {
      const values = channel("any");
      try {
        return (await values.receive()).value;
      } catch (error) {
        return [(error as { code: string }).code, (await values.receive()).value];
      }
    });
    const result = pool.run(receives, undefined, { names });
    await names.channel("any").send(() => "a function");
    await names.channel("any").send("a text");
    expect(await result).toEqual(["NOT_CLONEABLE", "a text"]);
  });

  it("are those of other names for a whole map", async () => {
    const [pool, names] = [make({ size: 2 }), make({ size: 1 })];
    const sends = inline((n: number, { channel }) => channel("all", { capacity: 100 }).send(n));
    await pool.map(sends, [1, 2, 3], { names }).toArray();
    const received: unknown[] = [];
    for (let n = 0; n < 3; n++) received.push((await names.channel("all").receive()).value);
    expect(new Set(received)).toEqual(new Set([1, 2, 3]));
  });

  it("end for what goes on in a worker when its task has ended", async () => {
    const pool = make({ size: 1 });
    const leaves = inline((_: undefined, { channel, semaphore }) => {
      const late = (globalThis as { late?: unknown[] }).late ?? [];
      (globalThis as { late?: unknown[] }).late = late;
      const note = (error: { code?: unknown }): number => late.push(error.code);
      void channel("nobody sends").receive().catch(note);
      void semaphore("s").acquire().catch(note);
      setTimeout(() => void channel("too late").send(1).catch(note), 5);
    });
    const codes = inline(async (length: number) => {
      const { late } = globalThis as unknown as { late: unknown[] };
      while (late.length < length) await new Promise((resolve) => setTimeout(resolve, 1));
      return late;
    });
    await pool.run(leaves);
    const found = await pool.run(codes, 2);
    expect(found.slice(0, 2)).toContain("CLOSED");
    expect((await pool.channel("nobody sends").inspect()).state["receivers"]).toBe(0);
    const permit = await pool.semaphore("s").acquire();
    permit.release();
  });
});
