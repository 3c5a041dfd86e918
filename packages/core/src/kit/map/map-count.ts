import type { MapProgress } from "../../run-options.ts";

/** How far a map has come. */
export class MapCount {
  #done = 0;
  #failed = 0;

  add(ok: boolean, count: number = 1): void {
    this.#done += count;
    if (!ok) this.#failed += count;
  }

  /** What `onProgress` is told; `total` where it is known. */
  progress(total: number | undefined): MapProgress {
    const progress = { done: this.#done, failed: this.#failed };
    return total === undefined ? progress : { ...progress, total };
  }
}
