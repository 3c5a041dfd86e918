/** Workers of several ages serve one queue. */
import { eventLoop } from "@quintet/async";
import { defineTasks, isTask, onTrace, type TraceEvent } from "@quintet/core";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { outcome, until } from "./fleet.ts";
import { Place } from "./place.ts";

let here: Place;
beforeAll(async () => {
  here = await Place.open();
});
afterEach(() => here.clear());
afterAll(() => here.stop());

/** The same task as it was in several versions of the program; none is the first. */
const versions = [undefined, 2, 3].map((version) =>
  defineTasks(
    "aged",
    `file:///aged-${version}.ts`,
    { age: (): number => version ?? 1, bad: () => Promise.reject(new RangeError("bad")) },
    { version },
  ),
);
const [old, newer, newest] = versions as [
  (typeof versions)[number],
  (typeof versions)[number],
  (typeof versions)[number],
];

/** BullMQ's id of a task that travels alone. */
function jobOf({ id }: { readonly id: string }): string {
  const [, client = "", number] = /@(\w+)#(\d+)$/.exec(id) ?? [];
  return `${client}-${Number(number).toString(36)}`;
}

describe("a task of a newer version", () => {
  it("waits for a worker that has it, while older ones run what they know", async () => {
    const events: TraceEvent[] = [];
    const stop = onTrace((event) => events.push(event));
    const worker = await here.work({ tasks: old, name: "old" });
    const client = here.client();
    const run = client.submit(newer.age);
    await until(() => events.some(({ type }) => type === "moved"));
    expect(await client.run(old.age)).toBe(1);
    expect(run.state).toBe("queued");
    const { logs } = await here.bull((queue) => queue.getJobLogs(jobOf(run)));
    expect(logs).toEqual([
      "aged.age needs version 2; worker old has version 1, and leaves it to a newer one.",
    ]);
    await worker.close();
    await here.work({ tasks: newest });
    // The newer worker also runs what older clients send.
    expect(await run.result).toBe(3);
    stop();
    const moves = events.filter(({ type, job: id }) => type === "moved" && id === run.id);
    expect(moves).toHaveLength(1);
  });

  it("is not given up, however often it is looked at, and has all its attempts", async () => {
    await here.work({ tasks: old });
    const client = here.client();
    const retry = { attempts: 2, delay: 1 };
    const run = client.submit(newer.bad, undefined, { retry });
    // As if it had been looked at for days; an unknown task would be given up after eight times.
    await until(async () => (await here.bull((queue) => queue.getDelayedCount())) === 1);
    const key = `quintet:{${here.queue}}:${here.queue}:${jobOf(run)}`;
    await here.redis((redis) => redis.hset(key, "ats", "1000"));
    await sleep(300);
    expect(run.state).toBe("queued");
    const worker = await here.work({ tasks: newer, on: eventLoop() });
    await expect(run.result).rejects.toThrow("bad");
    // The result is there before the job is done with.
    await until(() => worker.jobs >= 2);
  });

  it("can be cancelled and expires meanwhile", async () => {
    await here.work({ tasks: old });
    const client = here.client();
    const expired = outcome(client.run(newer.age, undefined, { expires: 150 }));
    const cancelled = client.submit(newer.age);
    await until(async () => (await here.bull((queue) => queue.getDelayedCount())) > 0);
    await sleep(50);
    cancelled.cancel("enough");
    expect(await outcome(cancelled.result)).toBe("enough");
    expect(await expired).toBe("EXPIRED");
    await until(() => client.stats().queued === 0);
  });

  it("is sent, repeated and mapped with its version", async () => {
    await here.work({ tasks: old });
    const client = here.client();
    const { id } = await client.send(newer.age, undefined, { id: "sent" });
    const map = client.map(newer.age as never, [1, 2, 3]).toArray();
    await sleep(200);
    expect(await client.job(id).state()).not.toBe("completed");
    await here.work({ tasks: newer });
    expect(await client.job(id).result()).toBe(2);
    expect(await map).toEqual([2, 2, 2]);
  });
});

describe("a version", () => {
  it("is a whole number from 1 up, which its tasks show", () => {
    expect(isTask(newer.age) && newer.age.version).toBe(2);
    expect("version" in old.age).toBe(false);
    for (const version of [0, 1.5, "2", null]) {
      expect(() => defineTasks("bad", "file:///bad.ts", {}, { version } as object)).toThrow(
        "a version that is a whole number from 1 up",
      );
    }
  });
});
