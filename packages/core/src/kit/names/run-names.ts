import type { ChannelOptions } from "../../channel.ts";
import type { NamedChannel } from "../../named-channel.ts";
import type { NamedSemaphore } from "../../named-semaphore.ts";
import type { Names } from "../../names.ts";
import type { Steering } from "../runs/drive.ts";
import { TaskEndedError } from "./asking.ts";
import { DeskChannel } from "./desk-channel.ts";
import { DeskSemaphore } from "./desk-semaphore.ts";
import {
  answered,
  type Asked,
  givenUp,
  type Grant,
  type NameDesk,
  type NameRequest,
  nobody,
  type Reply,
} from "./name-desk.ts";

/**
 * The names that one run sees: what it has acquired and not given back goes back when it has ended, and what it still
 * waits for is given up. When it is cancelled, its waits end with the reason.
 */
export class RunNames implements Names, NameDesk {
  readonly #desk: NameDesk;
  readonly #waits = new Set<RunAsk>();
  readonly #permits = new Set<number>();
  #cancelled: { readonly reason: unknown } | undefined;
  #hasEnded = false;

  /** `context` tells whether the run was cancelled before it asked for a name. */
  constructor(desk: NameDesk, context?: Pick<Steering, "cancelled" | "reason">) {
    this.#desk = desk;
    if (context?.cancelled) this.#cancelled = { reason: context.reason };
  }

  semaphore(name: string, permits?: number): NamedSemaphore {
    return new DeskSemaphore(this, name, permits);
  }

  channel<T = unknown>(name: string, options?: ChannelOptions): NamedChannel<T> {
    return new DeskChannel<T>(this, name, options);
  }

  ask(request: NameRequest, reply: Reply): Asked {
    if (this.#hasEnded) {
      // All its permits are back.
      if (request.ask === "release") reply.done(undefined);
      else reply.failed(new TaskEndedError());
      return answered;
    }
    if (request.ask === "release") {
      this.#permits.delete(request.permit);
      return this.#desk.ask(request, reply);
    }
    const ask = new RunAsk(reply, {
      answered: (answer) => this.#answered(request, ask, answer),
      failed: () => this.#waits.delete(ask),
    });
    this.#waits.add(ask);
    ask.asked = this.#desk.ask(request, ask);
    // What need not wait is done nevertheless.
    if (this.#cancelled) ask.giveUp(this.#cancelled.reason);
    return ask;
  }

  /** Ends all that it waits for with a reason. */
  cancel(reason: unknown): void {
    this.#cancelled ??= { reason };
    for (const ask of [...this.#waits]) ask.giveUp(reason);
  }

  /** Its function has ended. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const ask of [...this.#waits]) ask.abandon(new TaskEndedError());
    for (const permit of this.#permits) this.#giveBack(permit);
  }

  #answered({ ask }: NameRequest, of: RunAsk, answer: unknown): void {
    this.#waits.delete(of);
    if (ask !== "acquire" || answer === undefined) return;
    const { permit } = answer as Grant;
    if (this.#hasEnded) this.#giveBack(permit);
    else this.#permits.add(permit);
  }

  #giveBack(permit: number): void {
    this.#desk.ask({ ask: "release", permit }, nobody);
  }
}

/** Something that a run has asked. */
class RunAsk implements Reply, Asked {
  asked: Asked = answered;
  #reply: Reply;
  #reason: unknown = givenUp;
  readonly #owner: { answered(answer: unknown): void; failed(): void };

  constructor(reply: Reply, owner: { answered(answer: unknown): void; failed(): void }) {
    this.#reply = reply;
    this.#owner = owner;
  }

  done(answer: unknown): void {
    this.#owner.answered(answer);
    this.#reply.done(answer);
  }

  failed(error: unknown): void {
    this.#owner.failed();
    this.#reply.failed(error === givenUp ? this.#reason : error);
  }

  lost(reason: unknown): void {
    this.#reply.lost(reason);
  }

  leave(): void {
    this.asked.leave();
  }

  /** Leaves, and fails with the reason where it is not answered before. */
  giveUp(reason: unknown): void {
    this.#reason = reason;
    this.asked.leave();
  }

  /** Fails at once: nobody is there for an answer. */
  abandon(reason: unknown): void {
    const reply = this.#reply;
    this.#reply = nobody;
    this.asked.leave();
    reply.failed(reason);
  }
}
