import { type Clock, LocalDesk, type OwnDesk, systemClock } from "@quintet/core/kit";
import { CodedDesk } from "./coded-desk.ts";
import { MemoryDesk } from "./memory-desk.ts";
import { itemKey } from "../worker/item-terms.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { MemoryRepeats } from "./memory-repeats.ts";
import { MemoryResults } from "./memory-results.ts";
import type { Control, WorkerCard } from "../transport/protocol.ts";
import { Remembered } from "../worker/remembered.ts";

/** All that clients and workers of one queue in memory have in common. */
export class MemoryHub {
  readonly jobs: MemoryQueue;
  readonly results: MemoryResults;
  readonly repeats: MemoryRepeats;
  /** What workers say of themselves, by their ids. */
  readonly workers: Map<string, WorkerCard> = new Map();
  /** Workers that listen. */
  readonly listeners: Set<(control: Control) => void> = new Set();
  readonly #cancelled = new Remembered<unknown>();
  readonly #desk: LocalDesk;

  constructor(clock: Clock = systemClock) {
    this.jobs = new MemoryQueue(clock);
    this.results = new MemoryResults(clock);
    this.#desk = new LocalDesk(clock);
    this.repeats = new MemoryRepeats(this.jobs, clock);
  }

  /** Opens a desk of the named semaphores and channels, for one client or worker. `maxValue`: bytes of an encoded value. */
  openDesk(maxValue: number): OwnDesk {
    return new MemoryDesk(new CodedDesk(this.#desk, maxValue));
  }

  /** Tells all workers; a cancellation is there also for who finds the task later. */
  tell(control: Control): void {
    if (control.type === "cancel") {
      this.#cancelled.set(itemKey(control.to, control.n), control.reason);
    }
    for (const listener of this.listeners) listener(control);
  }

  /** Why a task was cancelled, encoded; `undefined` when it was not. */
  cancelled(to: string, n: number): unknown {
    return this.#cancelled.get(itemKey(to, n));
  }
}
