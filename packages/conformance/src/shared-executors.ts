import type { Executor } from "@quintet/core";
import type { CreateOptions, Harness } from "./harness.ts";

/** Executors that several cases use one after the other, because starting workers takes time. */
export class SharedExecutors {
  readonly #harness: Harness;
  readonly #made = new Map<string, Promise<Executor>>();

  constructor(harness: Harness) {
    this.#harness = harness;
  }

  /** The one for these options. */
  get(options: CreateOptions): Promise<Executor> {
    const { concurrency, maxQueue, grace } = options;
    const key = [concurrency, maxQueue, grace].join();
    let executor = this.#made.get(key);
    if (!executor) {
      const make = async (): Promise<Executor> => this.#harness.create(options);
      this.#made.set(key, (executor = make()));
    }
    return executor;
  }

  /** Forgets them all, and gives them to be closed. */
  async drop(): Promise<Executor[]> {
    const made = [...this.#made.values()];
    this.#made.clear();
    const settled = await Promise.allSettled(made);
    return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }
}
