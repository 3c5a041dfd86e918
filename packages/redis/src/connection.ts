import { InvalidOptionError } from "@quintet/core";
import { matching, type Rule, systemClock } from "@quintet/core/kit";
import { Redis, type RedisOptions } from "ioredis";

/** Where Redis is: a URL such as `redis://localhost:6379`, or options of ioredis, Sentinel's included. */
export type Connection = string | RedisOptions;

/** The rule for a `connection` option. */
export const connectionRule: Rule = matching(
  "a redis:// or rediss:// URL or options of ioredis",
  (value) =>
    (typeof value === "string" && /^rediss?:\/\//.test(value)) ||
    (typeof value === "object" && value !== null && !("duplicate" in value)),
);

/** Milliseconds between two tries to connect: soon at first, then every two seconds. */
const retryDelay = (times: number): number => Math.min(50 * 2 ** times, 2_000);

/** How long a connection attempt may take. */
const connectTimeout = 10_000;

/**
 * Opens a connection that reconnects for ever and sends again what was not answered. It is ours to close: what BullMQ
 * is handed, it leaves open. Errors go to `onError`; ioredis would print them, or throw.
 */
export function connect(
  connection: Connection,
  onError: (error: Error) => void,
  more: RedisOptions = {},
): Redis {
  const options: RedisOptions = {
    retryStrategy: retryDelay,
    connectTimeout,
    keepAlive: 10_000,
    ...(typeof connection === "string" ? {} : connection),
    ...more,
    // BullMQ takes no others, and answers in the form that its scripts expect.
    maxRetriesPerRequest: null,
    ...({ protocol: 2 } as object),
  };
  if (options.keyPrefix) {
    throw new InvalidOptionError(
      `connection: a keyPrefix is not supported; use the prefix option.`,
    );
  }
  const redis =
    typeof connection === "string" ? new Redis(connection, options) : new Redis(options);
  redis.on("error", onError);
  return redis;
}

/** Whether Redis has told that it will not let us in: trying again changes nothing. */
export function isRefusal(error: unknown): boolean {
  const message = error instanceof Error ? error.message : "";
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(message);
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

/** Lets the process end, or not, while a socket is open; also one that is opened later. */
export class SocketHold {
  readonly #connections: readonly Redis[];
  #held = true;

  constructor(...connections: readonly Redis[]) {
    this.#connections = connections;
    for (const redis of connections) redis.on("connect", () => this.#apply(redis));
  }

  set(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    for (const redis of this.#connections) this.#apply(redis);
  }

  #apply({ stream }: Redis): void {
    const socket = stream as unknown as { ref?(): void; unref?(): void } | undefined;
    if (this.#held) socket?.ref?.();
    else socket?.unref?.();
  }
}
