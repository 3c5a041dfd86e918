/** How many are kept, and after how many the percentile is computed again. */
const kept = 128;
const pace = 16;

/** How long the last calls took, in milliseconds. */
export class Latencies {
  readonly #ring = new Float64Array(kept);
  #count = 0;
  #percentile: number | undefined;
  readonly #part: number;

  /** Gives one percentile, from above 0 to 100. */
  constructor(percent: number) {
    this.#part = percent / 100;
  }

  record(milliseconds: number): void {
    this.#ring[this.#count++ % kept] = milliseconds;
    if (this.#count % pace !== 0) return;
    const sorted = this.#ring.slice(0, Math.min(this.#count, kept)).sort();
    this.#percentile = sorted[Math.ceil(this.#part * sorted.length) - 1];
  }

  /** Not there before 16 calls were seen. */
  get percentile(): number | undefined {
    return this.#percentile;
  }
}
