import { TimeoutError } from "@quintet/core";
import {
  type AbortRegistration,
  type Clock,
  never,
  onAbort,
  type Timer,
  WaitList,
  type WaitNode,
} from "@quintet/core/kit";

/** How a caller waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Higher first, first come first within one. Default: 0. */
  readonly priority?: number | undefined;
  /** The longest wait in milliseconds. Default: `Infinity`. */
  readonly wait?: number | undefined;
}

/** Stands for a wait that took too long. */
const late: unique symbol = Symbol("late");

class Waiter<Wish, Turn> {
  readonly wish: Wish;
  readonly promise: Promise<Turn | typeof late>;
  resolve!: (turn: Turn | typeof late) => void;
  reject!: (reason: unknown) => void;
  node: WaitNode<Waiter<Wish, Turn>> | undefined;
  registration: AbortRegistration | undefined;
  timer: Timer | undefined;

  constructor(wish: Wish) {
    this.wish = wish;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Callers that wait for their turn. Who is aborted or has waited too long leaves in the same step, and `onLeave` is
 * told, since the next one may have waited only for that one.
 */
export class WaitingLine<Wish, Turn> {
  readonly #list = new WaitList<Waiter<Wish, Turn>>();
  readonly #clock: Clock;
  readonly #onLeave: (wish: Wish) => void;

  constructor(clock: Clock, onLeave: (wish: Wish) => void) {
    this.#clock = clock;
    this.#onLeave = onLeave;
  }

  get size(): number {
    return this.#list.size;
  }

  /** What the first one waits for. */
  get first(): Wish | undefined {
    return this.#list.peek()?.wish;
  }

  /** Waits for `admit`. *Errors*: the abort's reason, `TIMEOUT`, that of `refuse`. */
  join(wish: Wish, { signal, priority, wait = Infinity }: Waiting): Promise<Turn> {
    signal.throwIfAborted();
    return wait === Infinity
      ? (this.#join(wish, signal, priority).promise as Promise<Turn>)
      : this.#joinFor(wait, this.#join(wish, signal, priority));
  }

  /** Lets the first one go on. */
  admit(turn: Turn): void {
    const waiter = this.#take();
    waiter?.resolve(turn);
  }

  /** Sends the first one away. */
  refuse(reason: unknown): void {
    const waiter = this.#take();
    waiter?.reject(reason);
  }

  #join(wish: Wish, signal: AbortSignal, priority: number | undefined): Waiter<Wish, Turn> {
    const waiter = new Waiter<Wish, Turn>(wish);
    waiter.node = this.#list.join(waiter, priority);
    if (signal !== never) {
      waiter.registration = onAbort(signal, (reason) => {
        waiter.reject(reason);
        this.#leave(waiter);
      });
    }
    return waiter;
  }

  async #joinFor(wait: number, waiter: Waiter<Wish, Turn>): Promise<Turn> {
    waiter.timer = this.#clock.after(wait, () => {
      waiter.resolve(late);
      this.#leave(waiter);
    });
    const turn = await waiter.promise;
    if (turn !== late) return turn;
    // Made here and not by the timer, so that its stack tells who was waiting.
    throw new TimeoutError(`It was not its turn within ${wait} ms.`);
  }

  #take(): Waiter<Wish, Turn> | undefined {
    const waiter = this.#list.take();
    waiter?.registration?.leave();
    waiter?.timer?.cancel();
    return waiter;
  }

  #leave(waiter: Waiter<Wish, Turn>): void {
    if (waiter.node) this.#list.leave(waiter.node);
    waiter.registration?.leave();
    waiter.timer?.cancel();
    this.#onLeave(waiter.wish);
  }
}
