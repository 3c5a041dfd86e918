import { redis as redisQueue } from "@quintet/redis";
import { Redis } from "ioredis";
import { Mutex } from "redis-semaphore";
import { packageVersion } from "../../package-version.ts";
import { privateRedis } from "../../redis/private-redis.ts";
import type { NameSubject } from "../name-subject.ts";

/** Two clients of a queue, each with connections of its own, as if they were on two machines. */
export const quintetRedis: NameSubject = {
  name: "quintet, Redis",
  kind: "ours",
  version: packageVersion("@quintet/redis"),
  async open() {
    const server = await privateRedis();
    const clients = [0, 1].map(() => redisQueue({ queue: "bench", connection: server.url }));
    const [sender, receiver] = clients.map((one) => one.channel<number>("bench", { capacity: 64 }));
    return {
      async permits(count, times) {
        const take = async (client: (typeof clients)[number]): Promise<number> => {
          const semaphore = client.semaphore("bench");
          for (let n = 0; n < times; n++) {
            const permit = await semaphore.acquire();
            permit.release();
          }
          return times;
        };
        return sumOf(await Promise.all(clients.slice(0, count).map(take)));
      },
      async values(count) {
        const send = async (): Promise<void> => {
          for (let n = 1; n <= count; n++) await sender!.send(n);
        };
        const sent = send();
        let sum = 0;
        for (let n = 0; n < count; n++) sum += (await receiver!.receive()).value ?? Number.NaN;
        await sent;
        return sum;
      },
      async close() {
        await Promise.all(clients.map((client) => client.close()));
        await server.close();
      },
    };
  },
};

/** Its mutex: whoever does not get it looks again every 10 ms; no order, no tokens, no channels. */
export const redisSemaphore: NameSubject = {
  name: "redis-semaphore",
  kind: "peer",
  version: packageVersion("redis-semaphore"),
  async open() {
    const server = await privateRedis();
    const clients = [0, 1].map(() => new Redis(server.url));
    return {
      async permits(count, times) {
        const take = async (client: Redis): Promise<number> => {
          for (let n = 0; n < times; n++) {
            const mutex = new Mutex(client, "bench", { acquireTimeout: 600_000 });
            await mutex.acquire();
            await mutex.release();
          }
          return times;
        };
        return sumOf(await Promise.all(clients.slice(0, count).map(take)));
      },
      async close() {
        for (const client of clients) client.disconnect();
        await server.close();
      },
    };
  },
};

/** A list that one pushes to and the other waits at: nothing is bounded, and what was received is lost with its answer. */
export const redisList: NameSubject = {
  name: "ioredis, RPUSH and BLPOP",
  kind: "floor",
  version: packageVersion("ioredis"),
  async open() {
    const server = await privateRedis();
    const [sender, receiver] = [new Redis(server.url), new Redis(server.url)];
    return {
      async values(count) {
        const send = async (): Promise<void> => {
          for (let n = 1; n <= count; n++) await sender.rpush("bench", n);
        };
        const sent = send();
        let sum = 0;
        for (let n = 0; n < count; n++) sum += Number((await receiver.blpop("bench", 0))?.[1]);
        await sent;
        return sum;
      },
      async close() {
        sender.disconnect();
        receiver.disconnect();
        await server.close();
      },
    };
  },
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
