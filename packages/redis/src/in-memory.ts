import { systemClock } from "@quintet/core/kit";
import { type InMemory, transportKey } from "./memory/in-memory-connection.ts";
import { MemoryClientLink } from "./memory/memory-client-link.ts";
import { MemoryHub } from "./memory/memory-hub.ts";
import { MemoryWorkerLink } from "./memory/memory-worker-link.ts";
import { queueTraits } from "./client/queue-traits.ts";
import type { QueueTransport } from "./transport/transport.ts";

export type { InMemory };

/**
 * Makes a memory that holds queues, to be the `connection` of `redis()` and of `serve()`: for tests, and for trying things
 * without a server. Nothing is ever run this way unless it is asked for.
 *
 * It is neither durable nor shared: only clients and workers of this thread that are given the same one meet, and what is in
 * it ends with the process. `repeat` takes no cron. All else is as with Redis; values are encoded just so.
 *
 * *Cost*: a task takes some turns of the event loop.
 *
 * @example
 * ```ts
 * import { eventLoop } from "@quintet/async";
 * import { defineTasks } from "@quintet/core";
 * import { redis, serve } from "@quintet/redis";
 * import { inMemory } from "@quintet/redis/in-memory";
 *
 * const { double } = defineTasks("numbers", import.meta.url, { double: (n: number) => 2 * n });
 * const connection = inMemory();
 * await using worker = serve({ queue: "numbers", tasks: { double }, on: eventLoop(), connection });
 * await using queue = redis({ queue: "numbers", connection });
 * console.log(await queue.run(double, 21)); // => 42
 * ```
 */
export function inMemory(): InMemory {
  const hubs = new Map<string, MemoryHub>();
  const hubOf = (base: string): MemoryHub => {
    const hub = hubs.get(base) ?? new MemoryHub(systemClock);
    hubs.set(base, hub);
    return hub;
  };
  const transport: QueueTransport = {
    traits: { ...queueTraits, durable: false },
    client: ({ prefix }, client) => new MemoryClientLink(hubOf(prefix), client),
    worker: ({ prefix }, { name }) => new MemoryWorkerLink(hubOf(prefix), name),
  };
  return { [transportKey]: transport };
}
