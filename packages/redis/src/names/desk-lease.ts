import type { Clock, Timer } from "@quintet/core/kit";
import type { DeskAsks } from "./desk-asks.ts";
import type { DeskCalls } from "./desk-calls.ts";
import type { HeldPermits } from "./held-permits.ts";

/** Whose lease it is. */
export interface LeaseOwner {
  readonly clock: Clock;
  /** What it has as long as the lease lasts. */
  readonly held: HeldPermits;
  readonly asks: DeskAsks;
  /** It was renewed; Redis knows nothing of these, which should stand in a line. */
  beaten(unknown: readonly number[]): void;
  /** The lease has ended, or may have: others may have what was granted under it. */
  lapsed(): void;
}

/** How often a lease is renewed within its time. */
const beats = 5;

/** Renews what a desk holds in Redis, as long as it holds anything. */
export class DeskLease {
  readonly #calls: DeskCalls;
  readonly #owner: LeaseOwner;
  readonly #desk: string;
  /** Milliseconds. */
  readonly length: number;
  #number = 1;
  /** When that was sent which last renewed it, as far as Redis has answered; and whether it has or not. */
  #renewed = Number.NEGATIVE_INFINITY;
  #asked = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #isBeating = false;

  constructor(calls: DeskCalls, owner: LeaseOwner, desk: string, length: number) {
    this.#calls = calls;
    this.#owner = owner;
    this.#desk = desk;
    this.length = length;
  }

  /** What everything is held under. */
  get session(): string {
    return `${this.#desk}.${this.#number}`;
  }

  /** Whether anything was ever asked under it. */
  get isOpen(): boolean {
    return this.#asked > Number.NEGATIVE_INFINITY;
  }

  /** Something is about to be asked, when perhaps nothing was for long. */
  open(): void {
    const now = this.#owner.clock.now();
    if (this.#timer || now - this.#asked < this.length / beats) return;
    this.#asked = now;
    const { session } = this;
    const opened = this.#calls.ask("open", session, 0, this.length);
    // If not, whatever is asked next is told so.
    opened.then(() => this.#renewedAt(now, session)).catch(() => {});
  }

  /** Gives it up for another session, and says which. */
  next(): string {
    this.#number++;
    this.stop();
    return this.session;
  }

  /** The session has begun; that was asked for at this time. */
  begun(asked: number): void {
    this.#asked = asked;
    this.#renewedAt(asked, this.session);
    this.keep();
  }

  /** Renews it from now on, while it is in use. */
  keep(): void {
    if (this.#timer || !this.#isInUse) return;
    const left = this.#renewed + this.length - this.#owner.clock.now();
    const delay = Math.min(this.length / beats, Math.max(left, 0));
    this.#timer = this.#owner.clock.after(delay, () => this.#beat(), { background: true });
  }

  get #isInUse(): boolean {
    return this.#owner.held.size + this.#owner.asks.size > 0;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #beat(): void {
    this.#timer = undefined;
    // The next session beats again.
    if (this.#owner.clock.now() - this.#renewed >= this.length) return this.#owner.lapsed();
    if (!this.#isBeating && this.#isInUse) void this.#renew();
    this.keep();
  }

  async #renew(): Promise<void> {
    const { session } = this;
    const { held, asks } = this.#owner;
    const { returning } = held;
    const now = this.#owner.clock.now();
    this.#isBeating = true;
    this.#asked = now;
    try {
      const names = [...held.names, ...asks.names];
      const numbers = [held.numbers, returning, asks.standing].map((each) => each.join(" "));
      const lists = [...numbers, ...names];
      const answer = await this.#calls.ask("beat", session, 0, this.length, ...lists);
      if (session !== this.session) return;
      if (answer[0] !== "lost") return this.#owner.lapsed();
      this.#renewedAt(now, session);
      held.returned(returning);
      held.lost(answer[1], this.length);
      this.#owner.beaten(answer[2]);
    } catch {
      // Redis refuses it, or the desk is closed: the lease ends by itself if the next ones fail too.
    } finally {
      this.#isBeating = false;
    }
  }

  #renewedAt(time: number, session: string): void {
    if (session === this.session && time > this.#renewed) this.#renewed = time;
  }
}
