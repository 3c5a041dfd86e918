import type { Position } from "../transport/ring-memory.ts";
import type { Ring } from "../transport/ring.ts";
import { Stopwatch } from "./stopwatch.ts";

// Kept, because a task may overwrite globals.
const { performance } = globalThis;

/** Milliseconds for which tasks that need no waiting run on before timers and sockets get their turn. */
const turnLength = 5;

/** For how many milliseconds, and how often, a worker that has run out of tasks blocks before it listens for messages. */
export interface Naps {
  readonly length: number;
  readonly most: number;
}

/** What a worker does when it has run out of tasks. */
export const naps: Readonly<Record<"short" | "long" | "none", Naps>> = {
  /** It is woken from a nap several times faster than from its event loop, and the next task is often near. */
  short: { length: 1, most: 1 },
  /** Timers and sockets get their turn in between only. */
  long: { length: 50, most: 20 },
  /** It can be woken from its event loop alone. */
  none: { length: 0, most: 0 },
};

/** Milliseconds for which a worker that has run out of tasks looks for the next one, and how often in vain. */
const spinLength = 0.1;
const mostInVain = 4;

/** Nor after one of so many milliseconds, which that would not shorten: the caller may need the processor to go on. */
const longRun = 1;

/** What a loop runs. */
export interface RunLoopOwner {
  readonly ring: Ring;
  /** The next one to be run. */
  readonly position: Position;
  /** A task runs that has to be waited for. */
  readonly busy: boolean;
  /** Starts the next run, or several before `end`; false when a message has to come first. */
  advance(end: Position): boolean;
  /** Told before the next run may be far. */
  pause(): void;
  /** Takes the messages that have arrived. */
  catchUp(): void;
  /** Calls back after the event loop has turned. */
  later(call: () => void): void;
}

/** Runs what is in the ring, one after the other, and sleeps while there is nothing. */
export class RunLoop {
  readonly watch: Stopwatch = new Stopwatch();
  readonly #owner: RunLoopOwner;
  readonly #naps: Naps;
  /** Naps in a row that nothing ended. */
  #napped = Infinity;
  #running = false;
  /** Spins in a row that found nothing. */
  #inVain = 0;
  /** What was submitted when that was last read. */
  #submitted: Position = 0;

  constructor(owner: RunLoopOwner, whichNaps: Naps) {
    this.#owner = owner;
    this.#naps = whichNaps;
    this.#submitted = owner.position;
  }

  /** Goes on until something has to be waited for. A loop: tasks that end at once must not nest. */
  run(): void {
    const owner = this.#owner;
    if (this.#running || owner.busy) return;
    this.#running = true;
    const { watch } = this;
    const turn = watch.touch();
    while (!owner.busy) {
      if (watch.now - turn > turnLength) return this.#yield();
      if (this.#hasNext()) {
        this.#napped = 0;
        if (!owner.advance(this.#submitted)) break;
        continue;
      }
      owner.pause();
      if (this.#spin()) {
        continue;
      } else if (this.#napped >= this.#naps.most) {
        if (owner.ring.listen(owner.position)) break;
      } else if (!this.#nap()) return this.#yield();
    }
    owner.pause();
    this.#running = false;
  }

  /** Until the next task it listens for messages only: something else is to be done here. */
  stopNapping(): void {
    this.#napped = Infinity;
  }

  #hasNext(): boolean {
    const { position, ring } = this.#owner;
    return position !== this.#submitted || position !== (this.#submitted = ring.submitted);
  }

  /** Goes on when the event loop has turned. */
  #yield(): void {
    this.#owner.later(() => {
      this.#running = false;
      this.run();
    });
  }

  /**
   * Looks for the next task for a moment: where tasks follow each other closely, waking a thread costs more than they
   * do. After some looks in vain it looks no more, until a nap turns out to be a short one.
   */
  #spin(): boolean {
    if (this.#naps.most === 0 || this.#inVain >= mostInVain) return false;
    if (this.watch.last > longRun) return false;
    const { ring, position } = this.#owner;
    const end = performance.now() + spinLength;
    do {
      for (let looks = 0; looks < 100; looks++) {
        if (ring.submitted === position) continue;
        this.#inVain = 0;
        this.watch.touch();
        return true;
      }
    } while (performance.now() < end);
    this.#inVain++;
    return false;
  }

  /** Blocks until there is something to do; false when there was nothing. */
  #nap(): boolean {
    const { ring, position } = this.#owner;
    this.#owner.catchUp();
    const begun = performance.now();
    const woken = ring.park(position, this.#naps.length);
    const now = this.watch.touch();
    if (!woken) this.#napped++;
    else if (now - begun < spinLength) this.#inVain = 0;
    return woken;
  }
}
