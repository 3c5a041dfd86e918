import type { Clock } from "@quintet/core/kit";
import { nextPosition, type Position } from "../transport/ring-memory.ts";
import { placeOf } from "./place.ts";
import { isShort } from "../scheduler/send-ahead.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** Where a worker ends so much of what it holds between two looks, it is faster than this side. */
const most = 1 / 4;

/** So many short runs have to be left for the worker not to tell of each. */
const many = 32;

/** Where the ring looks itself, the worker does not tell of each run of less than so many milliseconds. */
const shortThere = 0.05;

/** Milliseconds that a result waits at most behind a run that turns out to be a long one. */
const patience = 1;

/**
 * Decides when a worker's answers are looked for next. A message for every few small tasks would cost more than they
 * do. Where answers come faster than they are dealt with, it is at the next turn of the event loop; where they are
 * small, when half of them are there.
 */
export class Lookout {
  readonly #clock: Clock;
  readonly #look: () => void;
  /** It looks after this turn of the event loop. */
  #soon = false;
  /** It looks when its patience is over. */
  #waits = false;
  #looked = false;
  /** It may be told of several answers together. */
  #patient = false;

  constructor(clock: Clock, look: () => void) {
    this.#clock = clock;
    this.#look = look;
  }

  /**
   * After a look up to `completed`, which found so many answers. False when there is more to be seen by now: answers, or
   * that the first run has begun.
   */
  rest(worker: WorkerHandle, completed: Position, found: number): boolean {
    // The bell of a start is silent while it has not been heard of what was before.
    return this.#rest(worker, completed, found) && !beganUnseen(worker);
  }

  #rest(worker: WorkerHandle, completed: Position, found: number): boolean {
    const { held, lane, link } = worker;
    this.#looked = true;
    if (this.#soon) return true;
    if (link.soon && held > 0 && found > held * most) {
      this.#soon = true;
      link.soon(this.#lookSoon);
      return true;
    }
    if (link.ring.looksItself) return this.#leaveToRing(worker, completed, found);
    this.#patient = found > 0 && held >= many && isShort(worker);
    if (this.#patient) this.#wait();
    const mark = this.#patient ? (lane.head + (held >> 1)) | 0 : nextPosition(completed);
    return link.ring.hear(completed, mark);
  }

  /** Each answer that such a worker tells of costs it, and wakes this side, for longer than a short run takes. */
  #leaveToRing(
    { held, lane, link, pace }: WorkerHandle,
    completed: Position,
    found: number,
  ): boolean {
    const isPatient = found > 0 && pace !== undefined && pace < shortThere;
    const mark = isPatient ? lane.head + Math.max(2, held >> 1) : completed + 1;
    return link.ring.hear(completed, mark | 0);
  }

  #lookSoon = (): void => {
    this.#soon = false;
    this.#look();
  };

  #lookLate = (): void => {
    this.#waits = false;
    if (!this.#patient) return;
    this.#wait();
    if (!this.#looked) this.#look();
    this.#looked = false;
  };

  #wait(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#clock.after(patience, this.#lookLate, { background: true });
  }
}

/** Whether its first run says that it has begun, and the owner was not told of it. */
function beganUnseen({ state, held, lane, link }: WorkerHandle): boolean {
  const first = held > 0 && state === "up" ? lane.first() : undefined;
  if (!first || first.started) return false;
  const { tellsStart, position } = placeOf(first);
  return tellsStart && link.ring.isRunning(position);
}
