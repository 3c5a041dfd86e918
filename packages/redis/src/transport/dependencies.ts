import { InvalidOptionError } from "@quintet/core";
import type { Redis } from "ioredis";
import type { BullQueue } from "./bull.ts";
import { lookScript, openScript, registerScript, wakeScript } from "./dependency-scripts.ts";
import { jobOfId, type KeptResult, parsedResult } from "./kept-results.ts";
import type { Envelope } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";

/** How long a job may wait for others without being looked at. */
const life = 7 * 24 * 3_600_000;

/** Where a job stands that another one waits for; a dead one is among the failed ones, and nothing is kept of it. */
export type DependencyState =
  | { readonly state: "pending" | "completed" | "unknown" }
  | { readonly state: "failed"; readonly kept: KeptResult }
  | { readonly state: "dead"; readonly reason: string };

/** Which jobs wait for which others. */
export class Dependencies {
  readonly #redis: Redis;
  readonly #keys: QueueKeys;
  readonly #queue: BullQueue;

  constructor(redis: Redis, keys: QueueKeys, queue: BullQueue) {
    this.#redis = redis;
    this.#keys = keys;
    this.#queue = queue;
  }

  /**
   * Notes what a job waits for, before it is sent: from then on it counts as completed although its result may be kept no
   * longer. Gives an error for a job that would wait for itself.
   */
  async register(job: string, { task, after = [] }: Envelope): Promise<Error | undefined> {
    if (after.length === 0) return undefined;
    const keys = this.#keys;
    const prefixes = [keys.needs(""), keys.dependents(""), keys.kept("")];
    const jobs = after.map((id) => jobOfId(id));
    const args = [keys.needs(job), job, life, ...prefixes, ...jobs];
    const guilty = Number(await this.#redis.eval(registerScript, 1, ...args));
    if (guilty === 0) return undefined;
    return new InvalidOptionError(
      `dependsOn: ${JSON.stringify(after[guilty - 1])} waits itself for the ${task} that is to wait for it; neither would start.`,
    );
  }

  /** Where those stand that a job waits for. */
  async look(job: string, { after = [] }: Envelope): Promise<DependencyState[]> {
    const keys = this.#keys;
    const prefixes = [keys.dependents(""), keys.kept(""), keys.job("")];
    const jobs = after.map((id) => jobOfId(id));
    const args = [keys.needs(job), job, life, ...prefixes, ...jobs];
    const states = (await this.#redis.eval(lookScript, 1, ...args)) as [string, string][];
    return states.map(([state, text]): DependencyState => {
      if (state === "dead") return { state, reason: text };
      const result = state === "failed" ? parsedResult(text) : undefined;
      if (result) return { state: "failed", kept: result };
      return { state: state === "failed" ? "unknown" : (state as "pending") };
    });
  }

  /** A job is put aside until others have ended; what tells of that end looks for it from now on. */
  async putAside(job: string): Promise<void> {
    await this.#redis.hset(this.#keys.needs(job), "aside", "1");
  }

  /** After it was put aside: the last of the others may have ended before. */
  async wakeIfOpen(job: string): Promise<void> {
    const isOpen = await this.#redis.eval(openScript, 1, this.#keys.needs(job));
    if (isOpen) await this.#promote(job);
  }

  /** Has those looked at again that wait for a job, the result of which is kept, or which is gone. */
  async wake(job: string, isGone: boolean): Promise<void> {
    const args = [this.#keys.dependents(job), this.#keys.needs(""), isGone ? "1" : ""];
    const woken = await this.#redis.eval(wakeScript, 1, ...args);
    await Promise.all((woken as string[]).map((one) => this.#promote(one)));
  }

  /** A job has ended, and waits for nothing. */
  async forget(job: string): Promise<void> {
    await this.#redis.del(this.#keys.needs(job));
  }

  async #promote(job: string): Promise<void> {
    try {
      await (await this.#queue.getJob(job))?.promote();
    } catch {
      // It is looked at already, or will be when its time has come.
    }
  }
}
