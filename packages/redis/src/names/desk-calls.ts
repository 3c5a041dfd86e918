import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { deskScript } from "./desk-script.ts";

/** What Redis answers: the kind, and what goes with it. */
export type DeskAnswer =
  | readonly ["done" | "waits" | "not now" | "left"]
  /** The session is unknown: it was not renewed in time. */
  | readonly ["gone"]
  | readonly ["granted", fencingToken: number]
  | readonly ["value", json: unknown]
  /** The end of a channel, with the error that it was closed with. */
  | readonly ["end", json?: unknown]
  | readonly ["closed", json: unknown]
  | readonly ["full" | "heavy", capacity: number]
  | readonly ["other", capacity: string, overflow: string]
  | readonly ["semaphore", permits: number, taken: number, weights: readonly number[]]
  | readonly [
      "channel",
      capacity: number | "inf",
      values: number,
      senders: number,
      receivers: number,
      closed: boolean,
    ]
  | readonly ["lost", permits: readonly number[]]
  | readonly ["unseen", answers: readonly NumberedAnswer[]];

/** The answer to the question of this number. */
export type NumberedAnswer = readonly [number: number, ...answer: DeskAnswer];

const hash = createHash("sha1").update(deskScript).digest("hex");

/** Asks Redis about names. */
export class DeskCalls {
  readonly #redis: Redis;
  readonly #base: string;
  /** Numbers of answers that were seen, and need not be kept. */
  #seen: number[] = [];

  constructor(redis: Redis, base: string) {
    this.#redis = redis;
    this.#base = base;
  }

  saw(number: number): void {
    this.#seen.push(number);
  }

  /** What is asked first is done first, but where Redis has just lost its scripts. */
  async ask(
    question: string,
    session: string,
    number: number,
    ...more: readonly (string | number)[]
  ): Promise<DeskAnswer> {
    const seen = this.#seen.splice(0, 1_000);
    const text = await this.#run([question, session, number, seen.join(" "), ...more]);
    return JSON.parse(`[${text as string}]`) as DeskAnswer;
  }

  async #run(args: readonly (string | number)[]): Promise<unknown> {
    // A session begins with the whole script, which Redis knows by its hash from then on.
    if (args[0] === "open") return this.#redis.eval(deskScript, 1, this.#base, ...args);
    try {
      return await this.#redis.evalsha(hash, 1, this.#base, ...args);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
      return this.#redis.eval(deskScript, 1, this.#base, ...args);
    }
  }
}
