import {
  type AcquireOptions,
  InvalidOptionError,
  type Permit,
  type Semaphore,
} from "@quintet/core";
import {
  acquireRules,
  type LotOwner,
  ParkingLot,
  useAwaited,
  useHeld,
  useWatched,
  validateOptions,
  waitWatch,
} from "@quintet/core/kit";

/** What one side of a read/write lock needs of the lock. */
export interface LockGate<Held extends Permit> {
  readonly owner: LotOwner;
  /** What this side gives: `"read"` or `"write"`. */
  readonly what: string;
  readonly capacity: number;
  /** Whether one may enter now. */
  readonly isOpen: () => boolean;
  /** *Errors*: the lock is closed. */
  readonly checkUsable: () => void;
  readonly enter: () => Held;
  /** One who waited has given up. */
  readonly onGivenUp: () => void;
}

/** One side of a read/write lock, as a semaphore. */
export class LockSide<Held extends Permit> implements Semaphore {
  readonly lot: ParkingLot<Held>;
  readonly #gate: LockGate<Held>;

  constructor(gate: LockGate<Held>) {
    this.#gate = gate;
    this.lot = new ParkingLot(gate.owner, gate.what, gate.onGivenUp);
  }

  get capacity(): number {
    return this.#gate.capacity;
  }

  get available(): number {
    return this.#gate.isOpen() ? this.#gate.capacity : 0;
  }

  get waiting(): number {
    return this.lot.size;
  }

  acquire(options?: AcquireOptions): Promise<Held> {
    try {
      return Promise.resolve(this.#join(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  tryAcquire(weight: number = 1): Held | undefined {
    this.#checkWeight(weight);
    if (this.#gate.isOpen()) return this.#gate.enter();
    this.#gate.checkUsable();
    return undefined;
  }

  use<T>(call: (permit: Held) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    if (waitWatch.current) return useWatched(this, call, options);
    if (options === undefined && this.#gate.isOpen()) return useHeld(this.#gate.enter(), call);
    return useAwaited(this.acquire(options), call, options?.signal);
  }

  #join(options: AcquireOptions | undefined): Held | Promise<Held> {
    const checked = options && validateOptions(this.#gate.owner.name, options, acquireRules);
    this.#checkWeight(checked?.weight ?? 1);
    if (checked?.signal?.aborted) throw checked.signal.reason;
    if (this.#gate.isOpen()) return this.#gate.enter();
    this.#gate.checkUsable();
    return this.lot.park(undefined, checked);
  }

  #checkWeight(weight: number): void {
    if (weight === 1) return;
    const { owner, what } = this.#gate;
    throw new InvalidOptionError(
      `${owner.name}: the weight of a ${what} must be 1, got ${weight}.`,
    );
  }
}
