import { type Clock, systemClock, type Timer } from "@quintet/core/kit";
import type { WorkerLink } from "../transport/transport.ts";

/** Milliseconds a start is kept back: of what ends sooner only the end is told. */
const startDelay = 2;

/** A start that is kept back. */
export interface Start {
  readonly frame: string;
  /** Whether the function really runs: it may wait for a worker of the executor. */
  isDue(): boolean;
}

/** Characters of one message to a client. */
const most = 1_000_000;

interface Mail {
  readonly frames: string[];
  /** Starts that are kept back, by the tasks' numbers. */
  readonly starts: Map<number, Start>;
  size: number;
}

/** Gathers what is to be told, by client, and sends it in one go; while a message is under way, what comes waits for it. */
export class FrameOutbox {
  readonly #link: Pick<WorkerLink, "send">;
  readonly #clock: Clock;
  readonly #mail = new Map<string, Mail>();
  #sending: Promise<void> | undefined;
  /** By client: what is gathered now is safe. */
  #next = new Map<string, PromiseWithResolvers<void>>();
  #startTimer: Timer | undefined;

  constructor(link: Pick<WorkerLink, "send">, clock: Clock = systemClock) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Tells of a start, soon. */
  start(to: string | null, number: number, start: Start): void {
    if (to === null) return;
    this.#of(to).starts.set(number, start);
    this.#lookSoon();
  }

  /** Tells something of a task that goes on; resolves when it is safe. */
  tell(to: string | null, number: number, frame: string): Promise<void> {
    if (to === null) return Promise.resolve();
    const mail = this.#of(to);
    const start = mail.starts.get(number);
    if (start) this.#add(mail, start.frame);
    mail.starts.delete(number);
    this.#add(mail, frame);
    return this.#send(to);
  }

  /** Tells of a task's end; resolves when it is safe. */
  end(to: string | null, number: number, frame: string): Promise<void> {
    if (to === null) return Promise.resolve();
    const mail = this.#of(to);
    mail.starts.delete(number);
    this.#add(mail, frame);
    return this.#send(to);
  }

  #of(to: string): Mail {
    let mail = this.#mail.get(to);
    if (!mail) this.#mail.set(to, (mail = { frames: [], starts: new Map(), size: 0 }));
    return mail;
  }

  #add(mail: Mail, frame: string): void {
    mail.frames.push(frame);
    mail.size += frame.length;
  }

  #lookSoon(): void {
    if (this.#startTimer) return;
    this.#startTimer = this.#clock.after(startDelay, () => {
      this.#startTimer = undefined;
      for (const [to, mail] of this.#mail) this.#releaseStarts(to, mail);
    });
  }

  #releaseStarts(to: string, mail: Mail): void {
    const { length } = mail.frames;
    for (const [number, start] of mail.starts) {
      if (!start.isDue()) continue;
      this.#add(mail, start.frame);
      mail.starts.delete(number);
    }
    if (mail.starts.size > 0) this.#lookSoon();
    if (mail.frames.length > length) this.#send(to).catch(() => {}); // whoever tells more hears of it
  }

  /** Resolves when all that is gathered now for a client is safe. What goes wrong with one client is no other's. */
  #send(to: string): Promise<void> {
    let next = this.#next.get(to);
    if (next) return next.promise;
    next = Promise.withResolvers<void>();
    this.#next.set(to, next);
    if (this.#next.size > 1) return next.promise;
    const begin = (): void => {
      const told = this.#next;
      this.#next = new Map();
      this.#sending = this.#sendAll(told);
    };
    if (this.#sending) void this.#sending.then(begin);
    else queueMicrotask(begin);
    return next.promise;
  }

  async #sendAll(told: ReadonlyMap<string, PromiseWithResolvers<void>>): Promise<void> {
    const sent: Promise<void>[] = [];
    for (const [to, mail] of this.#mail) {
      const messages = mail.frames.length > 0 ? [...this.#messages(to, mail)] : [];
      const end = told.get(to);
      const all = Promise.all(messages).then(() => {});
      if (end) all.then(end.resolve, end.reject);
      sent.push(all);
      if (mail.starts.size === 0) this.#mail.delete(to);
      else {
        mail.frames.length = 0;
        mail.size = 0;
      }
    }
    await Promise.allSettled(sent);
    if (this.#next.size === 0) this.#sending = undefined;
  }

  *#messages(to: string, { frames, size }: Mail): Iterable<Promise<unknown>> {
    if (size < most) {
      yield this.#link.send(to, `[${frames.join(",")}]`);
      return;
    }
    let part: string[] = [];
    let length = 0;
    for (const frame of frames) {
      if (length > 0 && length + frame.length > most) {
        yield this.#link.send(to, `[${part.join(",")}]`);
        part = [];
        length = 0;
      }
      part.push(frame);
      length += frame.length;
    }
    yield this.#link.send(to, `[${part.join(",")}]`);
  }
}
