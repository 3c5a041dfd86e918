import type { Connection } from "./connection.ts";
import { type InMemory, transportKey } from "../memory/in-memory-connection.ts";
import { queueTraits } from "../client/queue-traits.ts";
import { RedisClientLink } from "./redis-client-link.ts";
import { RedisWorkerLink } from "./redis-worker-link.ts";
import type { QueueTransport } from "./transport.ts";

/** Where the queues of a `connection` option are: in Redis, unless it says otherwise. */
export function transportOf(
  connection: Connection | InMemory = "redis://127.0.0.1:6379",
): QueueTransport {
  if (typeof connection === "object" && transportKey in connection) {
    return connection[transportKey] as QueueTransport;
  }
  return {
    traits: queueTraits,
    client: (keys, client, patience) => new RedisClientLink(keys, client, connection, patience),
    worker: (keys, options) => new RedisWorkerLink(keys, connection, options),
  };
}
