import { systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import type { Envelope } from "./protocol.ts";
import { isRefusal } from "./refusal.ts";

/** For so many milliseconds a measurement counts. */
const life = 60_000;

/** What is less is the way to Redis and back, and none of our business. */
const least = 100;

/**
 * How far this machine's clock is from that of Redis. What stands in Redis is in its time: a task that may wait for a
 * minute must not be too old at once for a worker whose clock is wrong.
 */
export class RedisTime {
  #ahead = 0;
  #measured = Number.NEGATIVE_INFINITY;

  async measure(redis: Redis): Promise<void> {
    const start = systemClock.now();
    if (start - this.#measured < life) return;
    this.#measured = start;
    try {
      const [seconds, microseconds] = (await redis.time()).map(Number) as [number, number];
      const here = systemClock.date() - (systemClock.now() - start) / 2;
      const ahead = Math.round(1_000 * seconds + microseconds / 1_000 - here);
      this.#ahead = Math.abs(ahead) < least ? 0 : ahead;
    } catch (error) {
      // Who may not ask has to trust the clock there is.
      if (isRefusal(error)) return;
      this.#measured = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  /** As it is to stand in Redis. */
  sent(envelope: Envelope): Envelope {
    return shifted(envelope, this.#ahead) as Envelope;
  }

  /** As it is meant here. */
  received(data: unknown): unknown {
    return shifted(data, -this.#ahead);
  }
}

/** What came over the wire may be anything. */
function shifted(data: unknown, by: number): unknown {
  if (by === 0 || typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const copy: Record<string, unknown> = { ...data };
  for (const name of ["at", "expires", "startBy", "deadline"]) {
    if (typeof copy[name] === "number") copy[name] += by;
  }
  return copy;
}
