import { type AcquiringOptions, acquireRules, acquiringRules } from "./acquire-options.ts";
import { ClosedError, InvalidOptionError } from "../../errors.ts";
import type { Inspection, Party } from "../../inspection.ts";
import { validateOptions, wholeNumber } from "../options/validate.ts";
import {
  HeldPermit,
  Holders,
  type PermitOwner,
  useAwaited,
  useHeld,
  useWatched,
} from "./held-permit.ts";
import { Primitive, type PrimitiveOptions } from "./primitive.ts";
import { ParkingLot } from "../waits/parking-lot.ts";
import { waitWatch } from "../waits/wait-watch.ts";
import { notReady, type Selectable } from "../../selectable.ts";
import type { AcquireOptions, Permit } from "../../semaphore.ts";

/** The one class under semaphores and mutexes. */
export class CountingSemaphore extends Primitive implements PermitOwner {
  #capacity: number;
  /** More than the capacity after it was made smaller: nobody's permit is taken away. */
  #taken = 0;
  #closed: { readonly reason: unknown } | undefined;
  #holders: Holders | undefined;
  readonly #lot: ParkingLot<Permit, number> = new ParkingLot(this, "permit", () => this.#serve());

  constructor(kind: string, capacity: number, options: PrimitiveOptions | undefined) {
    super(kind, options);
    checkCapacity(this.name, capacity);
    this.#capacity = capacity;
  }

  get capacity(): number {
    return this.#capacity;
  }

  get available(): number {
    return Math.max(0, this.#capacity - this.#taken);
  }

  get waiting(): number {
    return this.#lot.size;
  }

  get locked(): boolean {
    return this.#taken >= this.#capacity;
  }

  acquire(options?: AcquireOptions): Promise<Permit> {
    if (options === undefined && this.#closed === undefined) {
      return this.#isFree(1, 0) ? Promise.resolve(this.#take(1)) : this.#lot.park(1);
    }
    try {
      return Promise.resolve(this.#join(options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** With a priority it passes those of a lower one. */
  tryAcquire(weight: number = 1, priority?: number): Permit | undefined {
    if (weight !== 1) this.#checkWeight(weight);
    if (this.#isFree(weight, priority)) return this.#take(weight);
    if (this.#closed) throw this.#closed.reason;
    return undefined;
  }

  acquiring(options?: AcquiringOptions): Selectable<Permit> {
    const checked = validateOptions<AcquiringOptions>(this.name, options, acquiringRules);
    const { weight = 1, priority = 0 } = checked;
    return {
      poll: () => this.tryAcquire(weight, priority) ?? notReady,
      park: (arm) => {
        const onGranted = (permit: Permit): void => {
          if (!arm.fire(permit)) permit.release();
        };
        return this.#lot.join(weight, priority, onGranted, (reason) => arm.fail(reason));
      },
    };
  }

  use<T>(call: (permit: Permit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    if (waitWatch.current) return useWatched(this, call, options);
    if (options === undefined && this.#isFree(1)) return useHeld(this.#take(1), call);
    return useAwaited(this.acquire(options), call, options?.signal);
  }

  /** Changes the capacity. *Errors*: those who wait for more than that are refused with `INVALID_OPTION`. */
  resize(capacity: number): void {
    checkCapacity(this.name, capacity);
    this.#capacity = capacity;
    for (const parked of [...this.#lot]) {
      if (parked.want > capacity) parked.refuse(this.#tooHeavy(parked.want));
    }
    this.#serve();
  }

  /** Refuses those who wait, and whoever comes. Permits stay with their holders. A second call does nothing. */
  close(reason: unknown = new ClosedError(`${this.name} is closed.`)): void {
    if (this.#closed) return;
    this.#closed = { reason };
    this.#lot.refuseAll(reason);
  }

  giveBack(permit: HeldPermit): void {
    this.#taken -= permit.weight;
    if (this.#holders) this.#holders.delete(permit);
    if (this.#lot.size > 0) this.#serve();
  }

  protected override state(): Inspection["state"] {
    const { capacity, available, waiting } = this;
    return { capacity, available, taken: this.#taken, waiting, closed: this.#closed !== undefined };
  }

  protected override holders(): Party[] {
    return this.#holders?.parties("permit") ?? [];
  }

  protected override waiters(): Party[] {
    return this.#lot.parties((weight) => weight);
  }

  /** Takes what is free, or waits in line. */
  #join(options: AcquireOptions | undefined): Permit | Promise<Permit> {
    const checked = options && validateOptions(this.name, options, acquireRules);
    if (checked?.signal?.aborted) throw checked.signal.reason;
    const { weight = 1, priority = 0 } = checked ?? {};
    return this.tryAcquire(weight, priority) ?? this.#lot.park(weight, checked);
  }

  /** Only a higher priority passes those who wait; nothing else does, not even for less than they wait for. */
  #isFree(weight: number, priority?: number): boolean {
    if (this.#taken + weight > this.#capacity || this.#closed) return false;
    const level = this.#lot.first?.level;
    return level === undefined || (priority !== undefined && priority > level.priority);
  }

  #take(weight: number): HeldPermit {
    this.#taken += weight;
    const permit = new HeldPermit(this, weight);
    if (waitWatch.current) (this.#holders ??= new Holders()).add(permit, undefined);
    return permit;
  }

  /** Hands free permits over to those who are next, until the first who wants more than there is. */
  #serve(): void {
    for (let first = this.#lot.first; first; first = this.#lot.first) {
      const { want, track } = first;
      if (this.#taken + want > this.#capacity) return;
      this.#taken += want;
      const permit = new HeldPermit(this, want);
      if (track) (this.#holders ??= new Holders()).add(permit, track);
      first.grant(permit);
    }
  }

  #checkWeight(weight: number): void {
    const problem = wholeNumber(1)(weight, "weight");
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
    if (weight > this.#capacity) throw this.#tooHeavy(weight);
  }

  #tooHeavy(weight: number): InvalidOptionError {
    return new InvalidOptionError(
      `${this.name}: weight ${weight} is more than its capacity, ${this.#capacity}, so it could never be granted.`,
    );
  }
}

function checkCapacity(name: string, capacity: number): void {
  const problem = wholeNumber(1, true)(capacity, "capacity");
  if (problem) throw new InvalidOptionError(`${name}: ${problem}.`);
}
