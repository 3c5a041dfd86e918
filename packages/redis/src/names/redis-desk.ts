import { randomBytes } from "node:crypto";
import {
  answered,
  type Asked,
  type Clock,
  type NameRequest,
  type OwnDesk,
  type Reply,
  systemClock,
} from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { UnreachableError } from "../queue-errors.ts";
import type { Connection } from "../transport/connection.ts";
import { type AskOwner, DeskAsk } from "./desk-ask.ts";
import { DeskAsks } from "./desk-asks.ts";
import { type DeskAnswer, DeskCalls, type NumberedAnswer } from "./desk-calls.ts";
import { DeskLease, type LeaseOwner } from "./desk-lease.ts";
import type { DeskOptions } from "./desk-options.ts";
import { type DeskListener, DeskReader } from "./desk-reader.ts";
import { HeldPermits } from "./held-permits.ts";
import { keyOf, questionOf, tellAnswer, termsOf } from "./name-codec.ts";

/** Asks Redis for the named semaphores and channels of a queue, which all its clients and workers have in common. */
export class RedisDesk implements OwnDesk, AskOwner, DeskListener, LeaseOwner {
  readonly clock: Clock;
  readonly patience: number;
  readonly asks: DeskAsks;
  readonly held: HeldPermits;
  readonly #maxValue: number;
  readonly #onError: (error: Error) => void;
  readonly #calls: DeskCalls;
  readonly #lease: DeskLease;
  readonly #reader: DeskReader;
  #count = 0;
  /** A new session begins: what is asked meanwhile goes out when it has. */
  #isRenewing = false;
  #closed: { readonly reason: unknown } | undefined;
  /** Resolves, once it is closed, when Redis has all back. */
  gone: Promise<void> = Promise.resolve();

  /** Its keys begin with `base`. Answers that are waited for come over a connection of their own. */
  constructor(base: string, redis: Redis, connection: Connection, options: DeskOptions) {
    const { clock = systemClock, patience, maxValue, onBusy, lease = 15_000, onError } = options;
    this.clock = clock;
    this.patience = patience;
    this.#maxValue = maxValue;
    this.#onError = onError;
    const desk = `d${randomBytes(6).toString("hex")}`;
    this.#calls = new DeskCalls(redis, base);
    this.#lease = new DeskLease(this.#calls, this, desk, lease);
    this.held = new HeldPermits(this.#calls, this, () => onBusy?.());
    const stream = `${base}:answers:${desk}`;
    this.#reader = new DeskReader(stream, { redis, connection, onError }, this);
    this.asks = new DeskAsks(() => {
      onBusy?.();
      this.#reader.want(this.asks.parked > 0);
    });
  }

  ask(request: NameRequest, reply: Reply): Asked {
    if (request.ask === "release") {
      void this.#release(request.permit, reply);
      return answered;
    }
    try {
      if (this.#closed) throw this.#closed.reason;
      const terms = termsOf(request, this.#maxValue);
      const ask = new DeskAsk(++this.#count, request, terms, reply, this);
      this.asks.add(ask);
      if (!this.#isRenewing) this.#send(ask);
      return ask;
    } catch (error) {
      reply.failed(error);
      return answered;
    }
  }

  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = { reason };
    const unwanted = this.asks.receivers();
    for (const ask of this.asks) this.asks.fail(ask, reason);
    this.held.clear();
    this.#lease.stop();
    this.#reader.close();
    this.gone = this.#leave(unwanted);
  }

  get isBusy(): boolean {
    return this.asks.waiting + this.held.awaited > 0;
  }

  /** Redis lets nobody in. */
  refused(cause: Error): void {
    for (const ask of this.asks) {
      const message = `Redis refuses to answer: ${cause.message}`;
      this.asks.abandon(ask, new UnreachableError(message, { cause }));
    }
  }

  lapsed(): void {
    if (!this.#isRenewing && !this.#closed) void this.#renew();
  }

  takeOut(ask: DeskAsk): void {
    // Who is leaving then is not asked for again.
    if (this.#isRenewing) return;
    const { session } = this.#lease;
    this.#calls.ask("leave", session, ask.number).then(
      (answer) => {
        if (session !== this.#lease.session) return;
        if (answer[0] === "left") this.asks.fail(ask, ask.leaving?.reason);
        else this.#answered(ask, answer);
      },
      () => {}, // its patience ends it
    );
  }

  /** What an earlier session was told, this one was told when it began. */
  take(session: string, answers: readonly NumberedAnswer[]): void {
    if (session === this.#lease.session) this.#take(answers);
  }

  /** Redis knows what it has answered still. */
  missed(): void {
    this.beaten(this.asks.standing);
  }

  beaten(unknown: readonly number[]): void {
    const standing = new Set(this.asks.standing);
    for (const ask of this.asks) {
      if (ask.isAbandoned && ask.isParked) this.takeOut(ask);
      else if (standing.has(ask.number) && unknown.includes(ask.number)) this.#send(ask);
    }
  }

  giveUpOn(ask: DeskAsk): void {
    const message = `Redis has not answered what it was asked of ${JSON.stringify(ask.request.name)} within ${this.patience} ms; is it up?`;
    this.asks.abandon(ask, ask.leaving ? ask.leaving.reason : new UnreachableError(message));
  }

  #send(ask: DeskAsk): void {
    this.#lease.open();
    const { session } = this.#lease;
    const { number, request, terms } = ask;
    const about = [keyOf(request.name), ...terms];
    this.#calls
      .ask(questionOf(request), session, number, ...about)
      .then((answer) => session === this.#lease.session && this.#answered(ask, answer))
      .catch((cause: Error) => this.#fail(ask, cause));
  }

  #answered(ask: DeskAsk, answer: DeskAnswer): void {
    if (answer[0] === "gone") return this.lapsed();
    // What it waited for may have come before the answer that it has to wait.
    if (!this.asks.has(ask)) return;
    if (answer[0] !== "waits") return this.#end(ask, answer);
    if (ask.isAbandoned) return this.takeOut(ask);
    this.asks.park(ask, true);
    this.#lease.keep();
    ask.parked();
  }

  #end(ask: DeskAsk, answer: DeskAnswer, session: string = this.#lease.session): void {
    const { number, request, reply, isAbandoned, isParked: wasParked } = ask;
    this.asks.delete(ask);
    if (isAbandoned && answer[0] === "value") return this.#putBack(ask, session);
    // What was granted at once is nowhere but in the semaphore.
    if (answer[0] !== "granted" || wasParked) this.#calls.saw(number);
    if (answer[0] === "granted") {
      this.held.add(number, request.name, reply);
      this.#lease.keep();
      if (isAbandoned) void this.#release(number);
      else reply.done({ permit: number, fencingToken: answer[1] });
    } else if (!isAbandoned) tellAnswer(reply, request, answer);
  }

  #fail(ask: DeskAsk, cause: Error): void {
    const message = `Redis does not do what it was asked of ${JSON.stringify(ask.request.name)}: ${cause.message}`;
    this.asks.fail(ask, new UnreachableError(message, { cause }));
  }

  #putBack({ number, request }: DeskAsk, session: string): void {
    this.#calls.ask("putBack", session, number, keyOf(request.name)).catch(this.#onError);
  }

  async #release(permit: number, reply?: Reply): Promise<void> {
    const { session } = this.#lease;
    const isKnown = await this.held.release(permit, session, reply);
    if (!isKnown && session === this.#lease.session) this.lapsed();
  }

  #take(answers: readonly NumberedAnswer[], session?: string): void {
    for (const [number, ...answer] of answers) {
      const ask = this.asks.get(number);
      if (ask) this.#end(ask, answer, session);
    }
  }

  /** Begins another session, in which all is asked again that the last one was not answered. */
  async #renew(): Promise<void> {
    const { session } = this.#lease;
    const next = this.#lease.next();
    this.#isRenewing = true;
    this.held.lost(this.held.numbers, this.#lease.length);
    this.held.clear();
    for (const ask of this.asks) this.asks.park(ask, false);
    const unwanted = this.asks.receivers(({ isAbandoned }) => isAbandoned);
    const asked = this.clock.now();
    try {
      const terms = [next, this.#lease.length, ...unwanted];
      const answer = await this.#calls.ask("renew", session, 0, ...terms);
      this.#isRenewing = false;
      if (this.#closed) return;
      this.#lease.begun(asked);
      if (answer[0] === "unseen") {
        const told = answer[1].filter(([, kind]) => kind !== "granted");
        this.#take(told, session);
      }
      this.#askAgain();
    } catch (cause) {
      this.#isRenewing = false;
      for (const ask of this.asks) this.#fail(ask, cause as Error);
    }
  }

  #askAgain(): void {
    for (const ask of this.asks) {
      if (ask.isAbandoned || ask.leaving) this.asks.fail(ask, ask.leaving?.reason);
      else {
        ask.expectAnswer();
        this.#send(ask);
      }
    }
  }

  async #leave(unwanted: readonly string[]): Promise<void> {
    const { session, isOpen } = this.#lease;
    try {
      if (isOpen) await this.#calls.ask("renew", session, 0, "", 0, ...unwanted);
    } catch {
      // Redis is gone, or lets nobody in: the lease ends by itself.
    }
  }
}
