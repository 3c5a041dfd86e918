/** A worker whose connections are dead without knowing it. */
import { setTimeout as sleep } from "node:timers/promises";
import { eventLoop } from "@quintet/async";
import { Worker } from "bullmq";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serve } from "../src/index.ts";
import { Fleet, until } from "./fleet.ts";
import { Proxy } from "./proxy.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

/** BullMQ blocks for 5 s and gives its answer one more; our own connections have 5 s, asked every 2.5 s. */
const bound = 15_000;
let server: RedisServer;
let proxy: Proxy;
let fleet: Fleet;

beforeEach(async () => {
  server = await startRedis();
  proxy = await Proxy.to(server.port);
  fleet = new Fleet();
});

afterEach(async () => {
  await fleet.clear();
  await proxy.close();
  await server.stop();
});

describe("a worker", () => {
  it(
    "that is idle on half open connections fetches again soon, each time",
    { timeout: 90_000 },
    async () => {
      await fleet.worker(proxy.url, { lease: 15_000 });
      const client = fleet.client(server.url, { noWorkersTimeout: 120_000 });
      expect(await client.run(tasks.echo, 0)).toBe(0);
      for (let time = 1; time <= 2; time++) {
        await sleep(300); // it blocks
        proxy.freeze();
        const start = performance.now();
        expect(await client.run(tasks.echo, time)).toBe(time);
        expect(performance.now() - start).toBeLessThan(bound);
      }
    },
  );

  it(
    "whose fetching has come to a stand is renewed, and loses nothing",
    { timeout: 90_000 },
    async () => {
      const errors: string[] = [];
      // Like a blocking read that never settles (BullMQ #4479).
      const fetching = vi
        .spyOn(Worker.prototype as unknown as { waitForJob(): Promise<number> }, "waitForJob")
        .mockImplementationOnce(() => new Promise(() => {}));
      const on = eventLoop();
      const { queue } = fleet;
      const onError = ({ message }: Error): void => void errors.push(message);
      const worker = serve({ queue, tasks, on, connection: server.url, onError });
      await worker.ready();
      await until(() => fetching.mock.calls.length === 1);
      const client = fleet.client(server.url);
      const start = performance.now();
      const results = [1, 2, 3].map((n) => client.run(tasks.echo, n));
      expect(await Promise.all(results)).toEqual([1, 2, 3]);
      expect(performance.now() - start).toBeGreaterThan(10_000);
      expect(errors).toEqual([expect.stringContaining("has fetched nothing for a while")]);
      await worker.close();
      await on.close();
      fetching.mockRestore();
    },
  );
});
