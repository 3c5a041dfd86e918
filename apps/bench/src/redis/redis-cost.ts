import { Redis } from "ioredis";

/** What a Redis has done so far. */
export interface RedisCost {
  /** Milliseconds of its processor time. */
  readonly cpu: number;
  /** Commands, those of scripts included. */
  readonly commands: number;
}

/** Asks a Redis what it has done, over a connection of its own. */
export class RedisMeter {
  readonly #redis: Redis;

  constructor(url: string) {
    this.#redis = new Redis(url);
    this.#redis.on("error", () => {}); // its commands fail
  }

  async read(): Promise<RedisCost> {
    const cpu = fieldsOf(await this.#redis.info("cpu"));
    const stats = fieldsOf(await this.#redis.info("commandstats"));
    const seconds = Number(cpu.get("used_cpu_user")) + Number(cpu.get("used_cpu_sys"));
    const calls = [...stats.values()].map((text) => Number(/calls=(\d+)/.exec(text)?.[1] ?? 0));
    return { cpu: 1_000 * seconds, commands: calls.reduce((sum, count) => sum + count, 0) };
  }

  close(): void {
    this.#redis.disconnect();
  }
}

function fieldsOf(text: string): Map<string, string> {
  const lines = text.split("\r\n").map((line) => line.split(":") as [string, string]);
  return new Map(lines.filter(({ length }) => length === 2));
}
