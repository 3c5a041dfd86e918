import type { MapProgress } from "../run-options.ts";

/** How far a map has come. */
export class MapCount {
  #done = 0;
  #failed = 0;

  add(ok: boolean): void {
    this.#done++;
    if (!ok) this.#failed++;
  }

  /** What `onProgress` is told; `total` where it is known. */
  progress(total: number | undefined): MapProgress {
    const progress = { done: this.#done, failed: this.#failed };
    return total === undefined ? progress : { ...progress, total };
  }
}
