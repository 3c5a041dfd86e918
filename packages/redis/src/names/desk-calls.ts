import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { type DeskScript, deskScripts } from "./desk-script.ts";

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
  | readonly ["lost", permits: readonly number[], standing: readonly number[]]
  | readonly ["unseen", answers: readonly NumberedAnswer[]];

/** The answer to the question of this number. */
export type NumberedAnswer = readonly [number: number, ...answer: DeskAnswer];

/** What Redis can be asked. */
export type DeskQuestion =
  | ("open" | "renew" | "beat" | "leave")
  | ("acquire" | "release" | "permits" | "semaphore")
  | ("send" | "receive" | "close" | "options" | "putBack" | "channel");

/** Which script answers a question. */
const scriptOf: Readonly<Record<DeskQuestion, DeskScript>> = {
  open: "session",
  renew: "session",
  beat: "session",
  leave: "session",
  acquire: "semaphore",
  release: "semaphore",
  permits: "semaphore",
  semaphore: "semaphore",
  send: "channel",
  receive: "channel",
  close: "channel",
  options: "channel",
  putBack: "channel",
  channel: "channel",
};

/** Asks Redis about names. */
export class DeskCalls {
  readonly #redis: Redis;
  readonly #base: string;
  /** Hashes of the scripts that it was sent. */
  readonly #known = new Map<DeskScript, string>();
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
    question: DeskQuestion,
    session: string,
    number: number,
    ...more: readonly (string | number)[]
  ): Promise<DeskAnswer> {
    const seen = this.#seen.splice(0, 1_000);
    const terms = [question, session, number, seen.join(" "), ...more];
    const text = await this.#run(scriptOf[question], terms);
    return JSON.parse(`[${text as string}]`) as DeskAnswer;
  }

  async #run(script: DeskScript, terms: readonly (string | number)[]): Promise<unknown> {
    const known = this.#known.get(script);
    if (known === undefined) return this.#load(script, terms);
    try {
      return await this.#redis.evalsha(known, 1, this.#base, ...terms);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw error;
      return this.#load(script, terms);
    }
  }

  /** From then on Redis knows it by its hash. */
  #load(script: DeskScript, terms: readonly (string | number)[]): Promise<unknown> {
    const text = deskScripts[script];
    this.#known.set(script, createHash("sha1").update(text).digest("hex"));
    return this.#redis.eval(text, 1, this.#base, ...terms);
  }
}
