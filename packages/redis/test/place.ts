import { eventLoop } from "@quintet/async";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import {
  type RedisOptions,
  type RedisQueue,
  serve,
  type ServeOptions,
  type TaskWorker,
} from "../src/index.ts";
import { Fleet } from "./fleet.ts";
import { type RedisServer, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

/** A Redis, and a queue in it for each test, whose workers are in this process. */
export class Place {
  readonly #server: Pick<RedisServer, "url" | "stop">;
  readonly #workers: TaskWorker[] = [];
  #fleet = new Fleet();

  private constructor(server: Pick<RedisServer, "url" | "stop">) {
    this.#server = server;
  }

  static async open(): Promise<Place> {
    return new Place(await testRedis());
  }

  get url(): string {
    return this.#server.url;
  }

  get fleet(): Fleet {
    return this.#fleet;
  }

  get queue(): string {
    return this.#fleet.queue;
  }

  file(): string {
    return this.#fleet.file();
  }

  client(options: Partial<RedisOptions> = {}): RedisQueue {
    return this.#fleet.client(this.url, options);
  }

  async work(options: Partial<ServeOptions> = {}): Promise<TaskWorker> {
    const { queue, url: connection } = this;
    const worker = serve({ queue, tasks, on: eventLoop(), connection, ...options });
    this.#workers.push(worker);
    await worker.ready();
    return worker;
  }

  /** What BullMQ itself says of the queue. */
  async bull<T>(ask: (queue: Queue) => Promise<T>): Promise<T> {
    return this.redis(async (connection) => {
      const queue = new Queue(this.queue, { connection, prefix: `quintet:{${this.queue}}` });
      try {
        return await ask(queue);
      } finally {
        await queue.close();
      }
    });
  }

  async redis<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { maxRetriesPerRequest: null });
    try {
      return await ask(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Ends workers and clients, and takes another queue. */
  async clear(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close({ cancel: true })));
    await this.#fleet.clear();
    this.#fleet = new Fleet();
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.#server.stop();
  }
}
