/** What users of channels by name can suffer, with real servers and worker processes. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { FaultPlace } from "./fault-place.ts";
import { lines, outcome, until } from "./fleet.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const limit = 60_000;
const place = new FaultPlace();

describe("a channel", () => {
  it(
    "hands each value to one receiver, once, however often connections break",
    { timeout: limit },
    async () => {
      const proxy = await place.proxy();
      const [sender, receiver] = [place.fleet.client(proxy.url), place.fleet.client(proxy.url)];
      const [from, to] = [sender.channel<number>("it"), receiver.channel<number>("it")];
      const received: number[] = [];
      const read = async (): Promise<void> => {
        for await (const value of to) received.push(value);
      };
      const readers = [read(), read(), read()];
      const over = new AbortController();
      const cuts = (async () => {
        while (!over.signal.aborted) {
          await sleep(40);
          proxy.swallows = true; // asked and done, and never answered
          await sleep(5);
          proxy.cut();
          proxy.swallows = false;
        }
      })();
      const numbers = Array.from({ length: 1_500 }, (_, n) => n);
      for (let n = 0; n < 1_500; n += 3)
        await Promise.all([from.send(n), from.send(n + 1), from.send(n + 2)]);
      over.abort();
      await cuts;
      await from.close();
      await Promise.all(readers);
      expect(received.toSorted((a, b) => a - b)).toEqual(numbers);
    },
  );

  it(
    "gives nothing to receivers whose machine is lost, and goes on",
    { timeout: limit },
    async () => {
      const journal = place.fleet.file();
      const worker = await place.fleet.worker(place.server.url);
      const client = place.fleet.client(place.server.url);
      const run = outcome(client.run(tasks.receives, { journal, name: "it" }, { retries: 0 }));
      const channel = client.channel<number>("it");
      await channel.send(1);
      await until(() => lines(journal).length === 1);
      const receivers = async (): Promise<unknown> => (await channel.inspect()).state["receivers"];
      await until(async () => (await receivers()) === 1);
      worker.child.kill("SIGSTOP");
      await until(async () => (await receivers()) === 0);
      const sent = channel.send(2);
      expect(await channel.receive()).toEqual({ done: false, value: 2 });
      await sent;
      await worker.end();
      await place.fleet.worker(place.server.url);
      expect(await run).toBe("WORKER_LOST");
    },
  );

  it(
    "hands over what a session was told, though the answer to its end is lost",
    { timeout: limit },
    async () => {
      const proxy = await place.proxy();
      const client = place.fleet.client(proxy.url);
      const other = place.fleet.client(place.server.url).channel<string>("it");
      const received = client.channel<string>("it").receive();
      const receivers = async (): Promise<unknown> => (await other.inspect()).state["receivers"];
      await until(async () => (await receivers()) === 1);
      proxy.swallows = true; // neither the value comes through, nor what a new session is told
      await other.send("a value");
      const redis = new Redis(place.server.url);
      await redis.del(...(await redis.keys("*.names:alive:*")));
      const beginnings = async (): Promise<number> =>
        (await redis.keys("*.names:alive:*.2")).length;
      await until(async () => (await beginnings()) === 1, 20_000);
      redis.disconnect();
      proxy.swallows = false;
      proxy.cut();
      expect(await received).toEqual({ done: false, value: "a value" });
    },
  );

  it("loses no value to a receive that was given up while Redis was away", async () => {
    const proxy = await place.proxy();
    const client = place.fleet.client(proxy.url, { sendTimeout: 300 });
    const other = place.fleet.client(place.server.url).channel<string>("it", { capacity: 4 });
    await client.channel("it").inspect();
    proxy.swallows = true;
    await other.send("a");
    await other.send("b");
    expect(await outcome(client.channel("it").receive())).toBe("UNREACHABLE");
    proxy.swallows = false;
    proxy.cut();
    await until(async () => (await other.inspect()).state["size"] === 2);
    expect(await other.receive()).toEqual({ done: false, value: "a" });
    expect(await other.receive()).toEqual({ done: false, value: "b" });
  });

  it("carries what a task on another machine sends, as fast as it is received", async () => {
    await place.fleet.worker(place.server.url);
    const client = place.fleet.client(place.server.url);
    const run = client.run(tasks.sends, { name: "it", milliseconds: 50 });
    const channel = client.channel<number>("it");
    for (let n = 0; n < 50; n++) expect(await channel.receive()).toEqual({ done: false, value: n });
    await run;
  });
});
