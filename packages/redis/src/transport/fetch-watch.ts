import { type Clock, systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import type { QueueKeys } from "./queue-keys.ts";

/** Milliseconds for which a worker may fetch nothing although jobs wait: BullMQ blocks for a third of it. */
const patience = 15_000;

/** What a watch looks at, and what it does. */
export interface FetchWatchOptions {
  /** Whether the worker has room for a job, and is to fetch some. */
  readonly hasRoom: () => boolean;
  /** How many jobs anybody could fetch now. */
  readonly waiting: () => Promise<number>;
  /** Fetches in another way. */
  readonly renew: (waiting: number) => void;
  readonly clock?: Clock;
}

/**
 * Notices that a worker fetches nothing although it has room and jobs wait: whatever is wrong with its connection, or with
 * what reads from it, and does not show, as it did in BullMQ again and again (#4479, #4585, #4138).
 */
export class FetchWatch {
  readonly #options: FetchWatchOptions;
  readonly #clock: Clock;
  /** When all was well last. */
  #since: number;

  constructor(options: FetchWatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#since = this.#clock.now();
  }

  /** A job has come. */
  fetched(): void {
    this.#since = this.#clock.now();
  }

  /** To be called again and again. *Errors*: those of `waiting`. */
  async look(): Promise<void> {
    const { hasRoom, waiting, renew } = this.#options;
    const before = this.#since;
    const count = hasRoom() ? await waiting() : 0;
    // One may have come meanwhile.
    if (this.#since !== before) return;
    if (count === 0 || !hasRoom()) return this.fetched();
    if (this.#clock.now() - this.#since < patience) return;
    this.fetched();
    renew(count);
  }
}

/** How many jobs wait in a queue for anybody to fetch them; none where it is paused, or somebody has set a limit. */
export async function fetchableJobs(redis: Redis, keys: QueueKeys): Promise<number> {
  const [wait, prioritized, limits] = await Promise.all([
    redis.llen(keys.job("wait")),
    redis.zcard(keys.job("prioritized")),
    redis.hmget(keys.job("meta"), "paused", "concurrency", "max"),
  ]);
  return limits.some((limit) => limit !== null) ? 0 : wait + prioritized;
}
