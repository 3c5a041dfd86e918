import { type Asked, givenUp, type NameRequest, type OwnDesk, type Reply } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import type { Connection } from "../transport/connection.ts";
import type { DeskOptions } from "./desk-options.ts";
import type { RedisDesk } from "./redis-desk.ts";

/** A `RedisDesk` that is loaded when something is asked: most clients and workers of a queue use no names. */
export class LateDesk implements OwnDesk {
  readonly #open: () => Promise<RedisDesk>;
  readonly #onChange: () => void;
  readonly #early = new Set<EarlyAsk>();
  #desk: RedisDesk | undefined;
  #closed: { readonly reason: unknown } | undefined;

  /** Its keys begin with `base`. Answers that are waited for come over a connection of their own. */
  constructor(base: string, redis: Redis, connection: Connection, options: DeskOptions) {
    this.#onChange = options.onBusy ?? (() => {});
    this.#open = async () => {
      const { RedisDesk } = await import("./redis-desk.ts");
      return new RedisDesk(base, redis, connection, options);
    };
  }

  /** Whether anybody waits for an answer. */
  get isBusy(): boolean {
    return this.#early.size > 0 || (this.#desk?.isBusy ?? false);
  }

  /** Resolves, once it is closed, when Redis has all back. */
  get gone(): Promise<void> {
    return this.#desk?.gone ?? Promise.resolve();
  }

  ask(request: NameRequest, reply: Reply): Asked {
    if (this.#desk) return this.#desk.ask(request, reply);
    const early = new EarlyAsk(request, reply);
    if (this.#closed) early.fail(this.#closed.reason);
    else {
      this.#early.add(early);
      if (this.#early.size === 1) void this.#load();
      this.#onChange();
    }
    return early;
  }

  close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#desk?.close(reason);
    this.#failEarly(reason);
  }

  /** Redis lets nobody in. */
  refused(cause: Error): void {
    this.#desk?.refused(cause);
  }

  async #load(): Promise<void> {
    try {
      const desk = await this.#open();
      if (this.#closed) return;
      this.#desk = desk;
      for (const early of this.#early) early.askOf(desk);
      this.#early.clear();
      this.#onChange();
    } catch (error) {
      this.#failEarly(error);
    }
  }

  #failEarly(error: unknown): void {
    for (const early of this.#early) early.fail(error);
    this.#early.clear();
    this.#onChange();
  }
}

/** Something that was asked before there was anybody to answer it. */
class EarlyAsk implements Asked {
  readonly #request: NameRequest;
  readonly #reply: Reply;
  #asked: Asked | undefined;
  #isLeaving = false;

  constructor(request: NameRequest, reply: Reply) {
    this.#request = request;
    this.#reply = reply;
  }

  leave(): void {
    this.#isLeaving = true;
    this.#asked?.leave();
  }

  askOf(desk: RedisDesk): void {
    if (this.#isLeaving) this.fail(givenUp);
    else this.#asked = desk.ask(this.#request, this.#reply);
  }

  fail(error: unknown): void {
    this.#reply.failed(error);
  }
}
