import { TimeoutError } from "../../errors.ts";
import { notReady, type Selectable } from "../../selectable.ts";
import type { Clock } from "../clock/clock.ts";
import { LocalChannels } from "./local-channels.ts";
import { LocalSemaphores } from "./local-semaphores.ts";
import { answered, type Asked, type NameRequest, type OwnDesk, type Reply } from "./name-desk.ts";
import { WaitingAsk } from "./waiting-ask.ts";

type Wait = Extract<NameRequest, { readonly ask: "acquire" | "send" | "receive" }>;
type Told = Exclude<NameRequest, Wait>;

/** Keeps the named semaphores and channels of a place in this thread, as long as the place is open. */
export class LocalDesk implements OwnDesk {
  readonly #clock: Clock;
  readonly #semaphores: LocalSemaphores;
  readonly #channels = new LocalChannels();
  readonly #waiting = new Set<WaitingAsk>();
  #closed: { readonly reason: unknown } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#semaphores = new LocalSemaphores(clock);
  }

  ask(request: NameRequest, reply: Reply): Asked {
    try {
      // A permit may come back at any time.
      if (this.#closed && request.ask !== "release") throw this.#closed.reason;
      if (isWait(request)) return this.#wait(request, reply);
      reply.done(this.#tell(request));
    } catch (error) {
      reply.failed(error);
    }
    return answered;
  }

  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = { reason };
    for (const ask of [...this.#waiting]) ask.giveUp(reason);
  }

  #tell(request: Told): unknown {
    const { ask } = request;
    if (ask === "release") this.#semaphores.release(request.permit);
    else if (ask === "permits") this.#semaphores.declare(request.name, request.permits);
    else if (ask === "options") this.#channels.at(request.name, request.options);
    else if (ask === "close") this.#channels.close(request.name, request.options, request.error);
    else {
      const table = request.kind === "semaphore" ? this.#semaphores : this.#channels;
      return table.inspect(request.name);
    }
    return undefined;
  }

  #wait(request: Wait, reply: Reply): Asked {
    const { ask, name, waits } = request;
    const table = ask === "acquire" ? this.#semaphores : this.#channels;
    try {
      const arm = this.#arm(request);
      const answer = arm.poll();
      if (answer === notReady && waits) return this.#park(request, arm, reply);
      reply.done(answer === notReady ? (ask === "send" ? false : undefined) : answer);
      return answered;
    } finally {
      table.tidy(name);
    }
  }

  #arm(request: Wait): Selectable<unknown> {
    if (request.ask === "acquire") return this.#semaphores.acquiring(request);
    if (request.ask === "send") return this.#channels.sending(request);
    return this.#channels.receiving(request.name, request.options);
  }

  #park(request: Wait, arm: Selectable<unknown>, reply: Reply): Asked {
    const { ask, name } = request;
    const table = ask === "acquire" ? this.#semaphores : this.#channels;
    const waiting = new WaitingAsk(reply, () => {
      this.#waiting.delete(waiting);
      table.tidy(name);
    });
    this.#waiting.add(waiting);
    waiting.parked = arm.park(waiting);
    const { timeout = Infinity } = request as { readonly timeout?: number | undefined };
    if (timeout < Infinity) {
      const message = `semaphore ${JSON.stringify(name)}: waited ${timeout} ms for a permit in vain.`;
      waiting.timer = this.#clock.after(timeout, () => waiting.giveUp(new TimeoutError(message)));
    }
    return waiting;
  }
}

const isWait = (request: NameRequest): request is Wait => "waits" in request;
