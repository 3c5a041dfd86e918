import type { AcquireOptions } from "@quintet/core";

/** What the checks need of a permit. */
export interface AnyPermit {
  readonly weight: number;
  release(): void;
}

/** What the checks need of a semaphore. */
export interface AnySemaphore {
  readonly capacity: number;
  readonly available: number;
  readonly waiting: number;
  acquire(options?: AcquireOptions): Promise<AnyPermit>;
  tryAcquire(weight?: number): AnyPermit | undefined;
  resize(capacity: number): void;
}

/** Mistakes that semaphores are known to make. */
export const faults = [
  "loses the permit of one that aborts right after the grant",
  "keeps those who gave up in line",
  "does not look again when the first gives up",
  "lets newcomers pass those who wait",
  "serves light waiters before a heavy one",
  "takes a permit back twice",
  "forgets a listener at the signal",
  "knows no priorities",
  "takes permits away when it shrinks",
] as const;

export type Fault = (typeof faults)[number];

interface Waiter {
  readonly weight: number;
  readonly priority: number;
  readonly grant: () => void;
}

/** A semaphore on an array, too slow and too simple to be wrong; or wrong in one known way. */
export class NaiveSemaphore implements AnySemaphore {
  capacity: number;
  taken = 0;
  #line: Waiter[] = [];
  readonly #fault: Fault | undefined;

  constructor(capacity: number, fault?: Fault) {
    this.capacity = capacity;
    this.#fault = fault;
  }

  get available(): number {
    return Math.max(0, this.capacity - this.taken);
  }

  get waiting(): number {
    return this.#line.length;
  }

  async acquire(options: AcquireOptions = {}): Promise<AnyPermit> {
    const { weight = 1, priority = 0, signal } = options;
    if (signal?.aborted) throw signal.reason;
    if (this.#canPass(weight)) return this.#permit(weight);
    const { promise, resolve, reject } = Promise.withResolvers<AnyPermit>();
    const waiter: Waiter = {
      weight,
      priority: this.#fault === "knows no priorities" ? 0 : priority,
      grant: () => {
        if (this.#fault !== "forgets a listener at the signal")
          signal?.removeEventListener("abort", abort);
        resolve(this.#permit(weight));
      },
    };
    const abort = (): void => {
      reject(signal?.reason);
      if (this.#fault === "keeps those who gave up in line") return;
      this.#line = this.#line.filter((other) => other !== waiter);
      if (this.#fault !== "does not look again when the first gives up") this.#serve();
    };
    signal?.addEventListener("abort", abort, { once: true });
    const index = this.#line.findIndex((other) => other.priority < waiter.priority);
    this.#line.splice(index < 0 ? this.#line.length : index, 0, waiter);
    this.#serve(); // one of higher priority may fit where the first did not
    const permit = await promise;
    if (this.#fault === "loses the permit of one that aborts right after the grant") {
      if (signal?.aborted) throw signal.reason;
    }
    return permit;
  }

  tryAcquire(weight = 1): AnyPermit | undefined {
    return this.#canPass(weight) ? this.#permit(weight) : undefined;
  }

  resize(capacity: number): void {
    this.capacity = capacity;
    if (this.#fault === "takes permits away when it shrinks")
      this.taken = Math.min(this.taken, capacity);
    this.#serve();
  }

  #canPass(weight: number): boolean {
    const isFirst = this.#line.length === 0 || this.#fault === "lets newcomers pass those who wait";
    return isFirst && this.taken + weight <= this.capacity;
  }

  #permit(weight: number): AnyPermit {
    this.taken += weight;
    let isOut = true;
    const release = (): void => {
      if (!isOut && this.#fault !== "takes a permit back twice") return;
      isOut = false;
      this.taken -= weight;
      this.#serve();
    };
    return { weight, release };
  }

  #serve(): void {
    const isUnfair = this.#fault === "serves light waiters before a heavy one";
    for (;;) {
      const fits = ({ weight }: Waiter): boolean => this.taken + weight <= this.capacity;
      const index = isUnfair ? this.#line.findIndex(fits) : 0;
      const next = this.#line[index];
      if (!next || !fits(next)) return;
      this.#line.splice(index, 1);
      next.grant();
    }
  }
}
