import { type Key, keyOf } from "./run-key.ts";
import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** Keys that are remembered; more only while they have tasks at a worker. */
const mostKeys = 10_000;

/**
 * At which worker each key lives. A key moves only when its worker is gone, or holds no task of it: so its tasks are
 * never at two.
 *
 * *Cost*: O(1) for each task; when there are too many keys, one pass forgets the half that was used least recently.
 */
export class KeyMap {
  readonly #homes = new Map<Key, WorkerHandle>();
  readonly #most: number;
  #limit: number;

  /** `most` is for tests. */
  constructor(most: number = mostKeys) {
    this.#most = this.#limit = most;
  }

  get size(): number {
    return this.#homes.size;
  }

  /** The worker of a key. */
  get(key: Key): WorkerHandle | undefined {
    return this.#homes.get(key);
  }

  /** The worker of a key that is used now. */
  use(key: Key): WorkerHandle | undefined {
    const home = this.#homes.get(key);
    if (!home) return undefined;
    this.#homes.delete(key);
    this.#homes.set(key, home);
    return home;
  }

  /** From now on a key lives at this worker. */
  bind(key: Key, worker: WorkerHandle): void {
    if (this.#homes.size >= this.#limit) this.#prune();
    this.#homes.set(key, worker);
    worker.line.keys.add(key);
  }

  /** Forgets the keys of a worker that has no tasks any more. */
  forget(worker: WorkerHandle): void {
    for (const key of worker.line.keys) this.#homes.delete(key);
    worker.line.keys.clear();
  }

  #prune(): void {
    const used = new Set<unknown>();
    for (const worker of new Set(this.#homes.values())) {
      for (const run of worker.line) used.add(keyOf(run));
      for (const run of worker.lane.singles()) used.add(keyOf(run));
    }
    const wanted = this.#most / 2;
    for (const [key, worker] of this.#homes) {
      if (this.#homes.size <= wanted) break;
      if (used.has(key)) continue;
      this.#homes.delete(key);
      worker.line.keys.delete(key);
    }
    // Where most are in use, a pass for each further one would find nothing.
    this.#limit = Math.max(this.#most, 2 * this.#homes.size);
  }
}
