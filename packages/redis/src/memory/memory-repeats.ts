import { NotSupportedError } from "@quintet/core";
import { type Clock, systemClock } from "@quintet/core/kit";
import type { MemoryQueue } from "./memory-queue.ts";
import type { Envelope } from "../transport/protocol.ts";
import type { Repeat } from "../client/repeat.ts";

/** What is sent again and again. */
interface Repeated {
  readonly envelope: Envelope;
  readonly level: number;
  readonly every: number;
  /** When the next one is due, on the clock. */
  due: number;
  count: number;
}

/** Sends jobs again and again: each time one begins to run, the next one is put into the queue, with a delay. */
export class MemoryRepeats {
  readonly #jobs: MemoryQueue;
  readonly #clock: Clock;
  readonly #repeated = new Map<string, Repeated>();

  constructor(jobs: MemoryQueue, clock: Clock = systemClock) {
    this.#jobs = jobs;
    this.#clock = clock;
  }

  /** *Errors*: `NOT_SUPPORTED` for cron. */
  set(id: string, when: Repeat, envelope: Envelope, level: number): void {
    if (!("every" in when)) {
      throw new NotSupportedError(
        `An in-memory queue knows no cron: repeat with { every: milliseconds }, or use Redis.`,
      );
    }
    this.delete(id);
    const due = this.#clock.now();
    const repeated = { envelope, level, every: when.every, due, count: 0 };
    this.#repeated.set(id, repeated);
    this.#add(id, repeated);
  }

  /** False when nothing of the id was repeated. */
  delete(id: string): boolean {
    const repeated = this.#repeated.get(id);
    if (!repeated) return false;
    this.#repeated.delete(id);
    this.#jobs.remove(jobOf(id, repeated.count));
    return true;
  }

  #add(id: string, repeated: Repeated): void {
    const { envelope, level, due } = repeated;
    const delay = due - this.#clock.now();
    const job = { id: jobOf(id, repeated.count), envelope, level, delay };
    this.#jobs.add(job, () => this.#next(id, repeated));
  }

  #next(id: string, repeated: Repeated): void {
    if (this.#repeated.get(id) !== repeated) return;
    const late = this.#clock.now() - repeated.due;
    // What could not run in time is left out.
    repeated.due += repeated.every * (1 + Math.floor(late / repeated.every));
    repeated.count++;
    this.#add(id, repeated);
  }
}

function jobOf(id: string, count: number): string {
  return `${id}~${count}`;
}
