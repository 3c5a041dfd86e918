/** Tasks that wait for others. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { lines, outcome, until } from "./fleet.ts";
import { Place } from "./place.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

let here: Place;
beforeAll(async () => {
  here = await Place.open();
});
afterEach(() => here.clear());
afterAll(() => here.stop());

/** What a run rejects with. */
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => `completed: ${String(value)}`,
    (error: unknown) => error,
  );

/** Until so many tasks wait for others, put aside by a worker. */
const aside = (count: number): Promise<void> =>
  until(async () => (await here.bull((queue) => queue.getDelayedCount())) === count);

describe("a task that depends on others", () => {
  it("starts when all of them are completed, and soon", async () => {
    await here.work({ concurrency: 4 });
    const client = here.client();
    const [journal, first, second] = [here.file(), here.file(), here.file()];
    const a = client.submit(tasks.work, { journal, name: "a", until: first }, { id: "a" });
    const b = client.submit(tasks.work, { journal, name: "b", until: second }, { id: "b" });
    const dependsOn = [a, "b"];
    const c = client.submit(tasks.work, { journal, name: "c" }, { dependsOn });
    await aside(1);
    rmSync(first);
    expect(await a.result).toBe("a");
    await sleep(50);
    expect(lines(journal).some((line) => line.startsWith("c"))).toBe(false);
    expect(c.state).toBe("queued");
    const start = performance.now();
    rmSync(second);
    expect(await c.result).toBe("c");
    // Told by the end of the other one: the next look would be seconds later.
    expect(performance.now() - start).toBeLessThan(900);
    expect(await b.result).toBe("b");
  });

  it("starts at once when they have ended before, from any client", async () => {
    await here.work();
    const [one, other] = [here.client(), here.client()];
    await one.run(tasks.echo, 1, { id: "a" });
    const sent = await one.send(tasks.echo, 2, { id: "b" });
    expect(await other.run(tasks.echo, 3, { dependsOn: ["a", sent, other.job("a")] })).toBe(3);
    expect(await other.map(tasks.echo, [4, 5, 6], { dependsOn: ["a"] }).toArray()).toEqual([
      4, 5, 6,
    ]);
  });

  it("is completed with them although their results are kept no longer when it starts", async () => {
    await here.work();
    const client = here.client();
    const gate = here.file();
    const a = client.submit(tasks.work, { name: "a", until: gate }, { id: "a", resultTtl: 1 });
    const late = client.run(tasks.echo, 1, { dependsOn: [a], delay: 300 });
    await until(() => client.stats().running === 1);
    rmSync(gate);
    await a.result;
    expect(await late).toBe(1);
    // One that nobody waited for leaves nothing.
    const error = await failure(client.run(tasks.echo, 2, { dependsOn: [a] }));
    expect(error).toMatchObject({ code: "DEPENDENCY_FAILED", dependency: "a" });
  });

  it("does not start when one fails, and says which and why; nor does what depends on it", async () => {
    await here.work({ concurrency: 2 });
    const client = here.client();
    const [journal, gate] = [here.file(), here.file()];
    const slow = client.submit(tasks.work, { name: "slow", until: gate }, { id: "slow" });
    const bad = client.submit(tasks.thrice, undefined, { id: "bad", delay: 100 });
    const entry = { journal, name: "never" };
    const next = client.submit(tasks.work, entry, { id: "next", dependsOn: [slow, bad] });
    const last = client.submit(tasks.work, entry, { dependsOn: [next] });
    // Others that go on do not hold it up.
    expect(await failure(next.result)).toMatchObject({
      code: "DEPENDENCY_FAILED",
      dependency: "bad",
      message: expect.stringContaining('"bad", which it depends on, has failed'),
      cause: { name: "RangeError", message: "attempt 1" },
    });
    expect(await failure(last.result)).toMatchObject({
      dependency: "next",
      cause: { code: "DEPENDENCY_FAILED", dependency: "bad" },
    });
    rmSync(gate);
    expect(await slow.result).toBe("slow");
    expect(lines(journal)).toEqual([]);
  });

  it("that ignores failures starts when they have ended, however", async () => {
    await here.work();
    const client = here.client();
    const bad = client.submit(tasks.thrice, undefined, { id: "bad", delay: 50 });
    const options = { dependsOn: [bad, "none"], ignoreFailures: true };
    expect(await client.run(tasks.echo, 1, options)).toBe(1);
    expect(bad.state).toBe("failed");
  });

  it("waits through the attempts of one that is tried again", async () => {
    await here.work();
    const client = here.client();
    const retry = { attempts: 3, delay: 50 };
    const thrice = client.submit(tasks.thrice, undefined, { id: "thrice", retry });
    expect(await client.run(tasks.echo, 1, { dependsOn: [thrice] })).toBe(1);
    expect(thrice.state).toBe("completed");
  });

  it("rejects when one is unknown, once that had time to come", async () => {
    await here.work();
    const client = here.client();
    const error = await failure(client.run(tasks.echo, 1, { dependsOn: ["none"] }));
    expect(error).toMatchObject({ code: "DEPENDENCY_FAILED", dependency: "none" });
    expect((error as Error).message).toContain('"none", which it depends on, is unknown');
  });

  it("rejects when one is cancelled, in the queue or while it runs", async () => {
    const client = here.client();
    const held = here.file();
    const entry = { name: "a", until: held };
    const queued = client.submit(tasks.echo, 1, { id: "queued", delay: 60_000 });
    const first = failure(client.run(tasks.echo, 1, { dependsOn: [queued] }));
    await here.work({ concurrency: 2 });
    await aside(2);
    const start = performance.now();
    queued.cancel();
    expect(await first).toMatchObject({ code: "DEPENDENCY_FAILED", dependency: "queued" });
    expect(performance.now() - start).toBeLessThan(900);
    const running = client.submit(tasks.work, entry, { id: "running" });
    const second = failure(client.run(tasks.echo, 1, { dependsOn: [running] }));
    await until(() => client.stats().running === 1);
    await aside(1);
    running.cancel(new RangeError("enough"));
    expect(await second).toMatchObject({
      message: expect.stringContaining("was cancelled"),
      cause: { name: "RangeError", message: "enough" },
    });
  });

  it("can be cancelled itself, expires, and is taken back", async () => {
    await here.work({ concurrency: 2 });
    const client = here.client();
    const [journal, gate] = [here.file(), here.file()];
    const a = client.submit(tasks.work, { name: "a", until: gate }, { id: "a" });
    const entry = { journal, name: "never" };
    const dependsOn = [a];
    const cancelled = client.submit(tasks.work, entry, { dependsOn });
    await aside(1);
    cancelled.cancel("enough");
    expect(await outcome(cancelled.result)).toBe("enough");
    const expired = outcome(client.run(tasks.work, entry, { dependsOn, expires: 200 }));
    const late = outcome(client.run(tasks.work, entry, { dependsOn, startTimeout: 200 }));
    expect(await late).toBe("START_TIMEOUT");
    expect(await expired).toBe("EXPIRED");
    rmSync(gate);
    expect(await a.result).toBe("a");
    await until(() => client.stats().queued === 0);
    expect(lines(journal)).toEqual([]);
  });

  it("does not start before its own delay is over", async () => {
    await here.work();
    const client = here.client();
    const start = performance.now();
    const gate = here.file();
    const a = client.submit(tasks.work, { name: "a", until: gate }, { id: "a" });
    const delayed = client.run(tasks.echo, 1, { dependsOn: [a], delay: 300 });
    await until(() => client.stats().running === 1);
    rmSync(gate);
    expect(await delayed).toBe(1);
    expect(performance.now() - start).toBeGreaterThan(290);
  });

  it("starts also when nobody tells of the end of the others", async () => {
    await here.work({ concurrency: 2 });
    const client = here.client();
    const gate = here.file();
    const a = client.submit(tasks.work, { name: "a", until: gate }, { id: "a" });
    const b = client.run(tasks.echo, 1, { dependsOn: [a] });
    await aside(1);
    // As if the worker of the other one had died with its last word.
    await here.redis(async (redis) => redis.del(...(await redis.keys("*dependents*"))));
    rmSync(gate);
    expect(await b).toBe(1);
  });

  it("is refused when it would wait for itself, directly or through others", async () => {
    await here.work();
    const client = here.client();
    const self = await failure(client.run(tasks.echo, 1, { id: "a", dependsOn: ["a"] }));
    expect(self).toMatchObject({ code: "INVALID_OPTION" });
    const [a, b, c] = [
      client.submit(tasks.echo, 1, { id: "a", dependsOn: ["b"], delay: 200 }),
      client.submit(tasks.echo, 2, { id: "b", dependsOn: ["c"], delay: 200 }),
      client.submit(tasks.echo, 3, { id: "c", dependsOn: ["a"], delay: 200 }),
    ];
    const ends = await Promise.all([a, b, c].map(({ result }) => failure(result)));
    const codes = ends.map((end) => String((end as { code?: unknown }).code));
    expect(codes.toSorted()).toEqual(["DEPENDENCY_FAILED", "DEPENDENCY_FAILED", "INVALID_OPTION"]);
    expect(
      String(ends.find((end) => (end as { code?: unknown }).code === "INVALID_OPTION")),
    ).toContain("neither would start");
  });

  it("refuses what has no id, and what is none", async () => {
    const client = here.client();
    const without = client.submit(tasks.echo, 1);
    const refused = (dependsOn: unknown): Promise<unknown> =>
      outcome(client.run(tasks.echo, 1, { dependsOn } as object));
    expect(await refused([without])).toBe("INVALID_OPTION");
    expect(await refused("a")).toBe("INVALID_OPTION");
    expect(await refused([1])).toBe("INVALID_OPTION");
    without.cancel();
  });

  it("that nobody waits for goes to the dead letters when one fails", async () => {
    await here.work();
    const client = here.client();
    const { id } = await client.send(tasks.echo, 1, { dependsOn: ["none"] });
    await until(async () => (await client.job(id).state()) === "dead");
    const [dead] = await here.bull((queue) => queue.getFailed());
    expect(dead?.failedReason).toContain('"none", which it depends on, is unknown');
  });

  it("may be one of hundreds, in chains, and leaves nothing behind", async () => {
    const worker = await here.work({ concurrency: 8 });
    const client = here.client();
    const id = (n: number): string => `n${n}`;
    const results = Array.from({ length: 300 }, (_, n) =>
      client.run(tasks.echo, n, {
        id: id(n),
        resultTtl: 1_000,
        dependsOn: n < 20 ? [] : [id(n - 20), id(n - 19)],
      }),
    );
    expect(await Promise.all(results)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    await until(async () => (await here.bull((queue) => queue.getActiveCount())) === 0);
    await client.close();
    await worker.close();
    const keys = await here.redis((redis) => redis.keys(`quintet:{${here.queue}}.*`));
    expect(keys.filter((key) => /needs|dependents|waiters/.test(key))).toEqual([]);
  });
});
