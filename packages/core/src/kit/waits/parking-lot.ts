import { TimeoutError } from "../../errors.ts";
import type { Inspectable, Party } from "../../inspection.ts";
import { type AbortRegistration, onAbort } from "./abort-hub.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import { never } from "./never.ts";
import { systemClock } from "../clock/system-clock.ts";
import { type Track, waitWatch } from "./wait-watch.ts";
import { WaitLine, WaitPlace } from "./wait-line.ts";

/** How long to wait, and how eagerly. */
export interface ParkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly priority?: number | undefined;
}

/** Whose waiters they are. */
export interface LotOwner extends Inspectable {
  readonly name: string;
  readonly clock: Clock;
}

/**
 * Somebody who waits. Whether it is granted, refused or gives up is decided in one step, at once: it leaves the
 * line, its signal and its timer, and its promise is settled. Later decisions do nothing.
 */
export class Parked<Got, Want> extends WaitPlace {
  readonly want: Want;
  /** What ends its wait otherwise, where it has limits. */
  limits: Limits | undefined = undefined;
  /** Who it is; known while waits are watched. */
  declare track?: Track;
  readonly #lot: ParkingLot<Got, Want>;
  readonly #resolve: (got: Got) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(
    lot: ParkingLot<Got, Want>,
    want: Want,
    resolve: (got: Got) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#lot = lot;
    this.want = want;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Gives it what it waits for; false when it waits no more. */
  grant(got: Got): boolean {
    if (!this.#lot.leave(this)) return false;
    this.#resolve(got);
    return true;
  }

  /** Ends its wait with an error; false when it waits no more. */
  refuse(reason: unknown): boolean {
    if (!this.#lot.leave(this)) return false;
    this.#reject(reason);
    return true;
  }

  /** Gives up, and tells nobody but the lot. */
  leave(): void {
    if (this.#lot.leave(this)) this.#lot.onGivenUp?.(undefined, this.want);
  }
}

interface Limits {
  readonly registration: AbortRegistration | undefined;
  readonly timer: Timer | undefined;
  /** What it was refused with by the timer. */
  lateness?: TimeoutError;
}

// One executor for all promises: a closure for each would be a third of a waiter's memory.
let resolveNext: unknown;
let rejectNext: (reason: unknown) => void;
const capture = (resolve: unknown, reject: (reason: unknown) => void): void => {
  resolveNext = resolve;
  rejectNext = reject;
};

/**
 * Where callers wait for one thing, each with what it wants, until it is granted, refused, aborted or late.
 * All primitives wait here, and nowhere else.
 *
 * *Ordering*: by priority, first come first within one.
 * *Cancellation*: rejects with `signal.reason`. Then, and when it is late, `onGivenUp` is called: those behind may
 * be next.
 * *Errors*: `TIMEOUT`.
 * *Cost*: O(1) to join and to leave, with few distinct priorities; one listener per signal, however many wait.
 *
 * The idea of one queue that all primitives park in is Trio's `ParkingLot`.
 */
export class ParkingLot<Got = void, Want = undefined> {
  readonly owner: LotOwner;
  /** What they wait for, in one word. */
  readonly what: string;
  readonly onGivenUp: ((reason: unknown, want: Want) => void) | undefined;
  #line: WaitLine<Parked<Got, Want>> | undefined = undefined;

  constructor(owner: LotOwner, what: string, onGivenUp?: (reason: unknown, want: Want) => void) {
    this.owner = owner;
    this.what = what;
    this.onGivenUp = onGivenUp;
  }

  get size(): number {
    return this.#line === undefined ? 0 : this.#line.size;
  }

  /** Who is next. */
  get first(): Parked<Got, Want> | undefined {
    return this.#line?.first;
  }

  /** Waits. *Errors*: a signal that has aborted already rejects, and nobody joins. */
  park(want: Want, options?: ParkOptions): Promise<Got> {
    if (options?.signal?.aborted) return Promise.reject(options.signal.reason);
    const promise = new Promise<Got>(capture as never);
    const parked = new Parked<Got, Want>(this, want, resolveNext as (got: Got) => void, rejectNext);
    this.#join(parked, options?.priority);
    if (options !== undefined) this.#limit(parked, options);
    return parked.limits?.timer ? traced(promise, parked.limits) : promise;
  }

  /** Waits without a promise, as an arm of a `select` does: one of the two is called, once, unless it leaves before. */
  join(
    want: Want,
    priority: number | undefined,
    onGranted: (got: Got) => void,
    onRefused: (reason: unknown) => void,
  ): Parked<Got, Want> {
    const parked = new Parked(this, want, onGranted, onRefused);
    this.#join(parked, priority);
    if (parked.track) parked.track = { ...parked.track, isArm: true };
    return parked;
  }

  /** Takes a waiter out, with its signal and its timer; false when it is not here any more. */
  leave(parked: Parked<Got, Want>): boolean {
    const line = this.#line;
    if (line === undefined || !line.leave(parked)) return false;
    const { limits } = parked;
    if (limits) {
      limits.registration?.leave();
      limits.timer?.cancel();
      parked.limits = undefined;
    }
    if (waitWatch.current && line.size === 0) waitWatch.current.lots.delete(this);
    return true;
  }

  /** Grants the same to all who wait now. */
  grantAll(got: Got): void {
    for (let count = this.size; count > 0; count--) this.first?.grant(got);
  }

  /** Refuses all who wait. */
  refuseAll(reason: unknown): void {
    for (let first = this.first; first; first = this.first) first.refuse(reason);
  }

  /** Everybody who waits, in order. */
  [Symbol.iterator](): Iterator<Parked<Got, Want>> {
    return (this.#line ?? [])[Symbol.iterator]();
  }

  /** Everybody who waits, for an inspection. */
  parties(weight: (want: Want) => number = () => 1): Party[] {
    return Array.from(this, ({ want, track }) => party(this.what, weight(want), track));
  }

  #join(parked: Parked<Got, Want>, priority: number | undefined): void {
    if (this.#line === undefined) this.#line = new WaitLine();
    this.#line.join(parked, priority);
    if (!waitWatch.current) return;
    parked.track = waitWatch.current.track();
    waitWatch.current.lots.add(this);
  }

  #limit(parked: Parked<Got, Want>, { signal, timeout = Infinity }: ParkOptions): void {
    const isTimed = timeout < Infinity;
    const heard = signal === never ? undefined : signal;
    if (!heard && !isTimed) return;
    const giveUp = (reason: unknown): void => {
      if (parked.refuse(reason)) this.onGivenUp?.(reason, parked.want);
    };
    const expire = (): void => giveUp((limits.lateness = this.#lateness(timeout)));
    const limits: Limits = {
      registration: heard && onAbort(heard, giveUp),
      timer: isTimed ? this.owner.clock.after(timeout, expire) : undefined,
    };
    parked.limits = limits;
  }

  #lateness(timeout: number): TimeoutError {
    return new TimeoutError(`${this.owner.name}: waited ${timeout} ms for ${this.what} in vain.`);
  }
}

/** Takes the stack of a lateness anew where it is awaited: that of a timer does not tell who waited. */
async function traced<Got>(promise: Promise<Got>, limits: Limits): Promise<Got> {
  try {
    return await promise;
  } catch (error) {
    // Not there in every runtime.
    const { captureStackTrace } = Error as { captureStackTrace?: (error: Error) => void };
    if (limits.lateness && error === limits.lateness) captureStackTrace?.(limits.lateness);
    throw error;
  }
}

/** Somebody who holds or waits, as an inspection shows it. */
export function party(what: string, weight: number, track: Track | undefined): Party {
  const duration = track && systemClock.now() - track.since;
  const { task, place, isArm } = track ?? {};
  return { what, weight, task, place, duration, isArm };
}
