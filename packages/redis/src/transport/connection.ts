import { InvalidOptionError } from "@quintet/core";
import { type Rule, systemClock } from "@quintet/core/kit";
import { Cluster, type ClusterNode, type ClusterOptions, Redis, type RedisOptions } from "ioredis";
import { withoutSecrets } from "./refusal.ts";

/** A cluster: some of its nodes, as `{ host, port }` or URL, and options of ioredis for it. */
export interface ClusterConnection extends ClusterOptions {
  readonly nodes: readonly ClusterNode[];
}

/** Where Redis is: a URL such as `redis://localhost:6379`, options of ioredis, Sentinel's included, or a cluster. */
export type Connection = string | RedisOptions | ClusterConnection;

/** The rule for a `connection` option. */
export const connectionRule: Rule = (value, name) => {
  if (typeof value === "string" && /^rediss?:\/\//.test(value) && URL.canParse(value))
    return undefined;
  if (typeof value === "object" && value !== null && !("duplicate" in value)) return undefined;
  // Not the value itself: there may be a password in it.
  return `${name} must be a redis:// or rediss:// URL or options of ioredis`;
};

/** Milliseconds between two tries to connect: soon at first, then every two seconds. */
const retryDelay = (times: number): number => Math.min(50 * 2 ** times, 2_000);

/** How long a connection attempt may take. */
const connectTimeout = 10_000;

/**
 * Opens a connection that reconnects for ever and sends again what was not answered. It is ours to close: what BullMQ
 * is handed, it leaves open. Errors go to `onError`; ioredis would print them, or throw.
 */
export function connect(connection: Connection, onError: (error: Error) => void): Redis {
  const redis = open(connection);
  redis.on("error", (error: Error) => onError(withoutSecrets(error)));
  return redis;
}

function open(connection: Connection): Redis {
  if (typeof connection === "string") return new Redis(connection, checkedOptions({}));
  if (!("nodes" in connection)) return new Redis(checkedOptions(connection));
  const { nodes, redisOptions, ...options } = connection;
  const cluster = new Cluster([...nodes], {
    clusterRetryStrategy: retryDelay,
    retryDelayOnFailover: 250,
    retryDelayOnClusterDown: 250,
    slotsRefreshTimeout: connectTimeout,
    // Until the slot is served again; who waits has a time limit of its own.
    maxRedirections: 1_000_000,
    ...options,
    redisOptions: checkedOptions({ ...redisOptions }),
  });
  // It has the commands, the events and the states that are used here.
  return cluster as unknown as Redis;
}

function checkedOptions(given: RedisOptions): RedisOptions {
  if (given.keyPrefix) {
    throw new InvalidOptionError(
      `connection: a keyPrefix is not supported; use the prefix option.`,
    );
  }
  return {
    retryStrategy: retryDelay,
    connectTimeout,
    keepAlive: 10_000,
    ...given,
    // BullMQ takes no others, and answers in the form that its scripts expect.
    maxRetriesPerRequest: null,
    ...({ protocol: 2 } as object),
  };
}

/** Ends a connection for good. One that is ended in the middle of TLS's greeting fails once more, when nobody listens. */
export function hangUp(redis: Redis): void {
  (redis.stream as Redis["stream"] | undefined)?.on("error", () => {});
  redis.disconnect();
}

/** How long a socket may be silent while an answer is due, in milliseconds. */
const silence = 5_000;

/** Waits for an answer; a connection that does not give it is half open, and is made again: ioredis asks there once more. */
export async function answered<T>(redis: Redis, answer: Promise<T>): Promise<T> {
  const timer = systemClock.after(silence, () => {
    if (redis.status === "ready") redis.disconnect(true);
  });
  try {
    return await answer;
  } finally {
    timer.cancel();
  }
}

/** How long the last things may take, in milliseconds, before connections are closed without them. */
const farewell = 2_000;

/**
 * Does the last things over connections and closes them. Redis may be gone in that moment, and is not waited for: of a
 * connection that is just being made again, ioredis does not even reject the commands when it is closed.
 */
export async function lastly(
  connections: readonly Redis[],
  work: () => Promise<unknown>,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = systemClock.after(farewell, over.resolve);
  try {
    await Promise.race([work(), over.promise]);
  } finally {
    timer.cancel();
    for (const redis of connections) hangUp(redis);
  }
}
