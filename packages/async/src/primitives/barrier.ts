import {
  BrokenBarrierError,
  type Inspectable,
  type Inspection,
  InvalidOptionError,
  type Party,
} from "@quintet/core";
import {
  checkedWait,
  ParkingLot,
  Primitive,
  type PrimitiveOptions,
  type WaitOptions,
  wholeNumber,
} from "@quintet/core/kit";

/** A place where so many meet, again and again. */
export interface Barrier extends Inspectable {
  readonly name: string;
  /** How many have to come. */
  readonly parties: number;
  /** How many have come and wait for the rest. */
  readonly waiting: number;
  /** Whether somebody gave up; nobody can meet here until `reset()`. */
  readonly broken: boolean;
  /** Resolves when all have come, with the place in which this one came: 0 for the first. */
  wait(options?: WaitOptions): Promise<number>;
  /** Breaks it: those who wait, and whoever comes, are rejected. */
  abort(reason?: unknown): void;
  /** Makes it as new. Those who wait are rejected. */
  reset(): void;
}

/**
 * Makes a barrier for so many parties, a whole number from 1 up. The last one to come lets all go on, and the next
 * round begins.
 *
 * *Cancellation*: one who gives up, or comes with a signal that has aborted, gets `signal.reason` and breaks the
 * barrier, because the others would wait for ever.
 * *Errors*: `BROKEN_BARRIER`, whose `cause` is the reason; `TIMEOUT`, which breaks it as well; `INVALID_OPTION`.
 * *Cost*: O(1) to wait; one step for each party when the last one comes.
 *
 * @example
 * ```ts
 * import { barrier } from "@quintet/async";
 *
 * const start = barrier(2);
 * const runner = async (name: string) => `${name} came as number ${await start.wait()}`;
 * console.log(await Promise.all([runner("Ada"), runner("Bob")]));
 * // => [ 'Ada came as number 0', 'Bob came as number 1' ]
 * ```
 */
export function barrier(parties: number, options?: PrimitiveOptions): Barrier {
  return new MeetingPoint(parties, options);
}

class MeetingPoint extends Primitive implements Barrier {
  readonly parties: number;
  #broken: { readonly reason: unknown } | undefined;
  readonly #lot: ParkingLot<number, number> = new ParkingLot(this, "barrier", (reason) =>
    this.abort(reason),
  );

  constructor(parties: number, options: PrimitiveOptions | undefined) {
    super("barrier", options);
    const problem = wholeNumber(1)(parties, "parties");
    if (problem) throw new InvalidOptionError(`${this.name}: ${problem}.`);
    this.parties = parties;
  }

  get waiting(): number {
    return this.#lot.size;
  }

  get broken(): boolean {
    return this.#broken !== undefined;
  }

  async wait(options?: WaitOptions): Promise<number> {
    const checked = checkedWait(this.name, options);
    if (this.#broken) throw this.#brokenError(this.#broken.reason);
    if (checked?.signal?.aborted) {
      this.abort(checked.signal.reason);
      throw checked.signal.reason;
    }
    const index = this.#lot.size;
    if (index + 1 < this.parties) return this.#lot.park(index, checked);
    for (let { first } = this.#lot; first; { first } = this.#lot) first.grant(first.want);
    return index;
  }

  abort(reason: unknown = new Error("The barrier was aborted.")): void {
    this.#broken ??= { reason };
    this.#refuse(reason);
  }

  reset(): void {
    this.#broken = undefined;
    this.#refuse(new Error("The barrier was reset."));
  }

  protected override state(): Inspection["state"] {
    return { parties: this.parties, waiting: this.waiting, broken: this.broken };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }

  #refuse(reason: unknown): void {
    if (this.waiting > 0) this.#lot.refuseAll(this.#brokenError(reason));
  }

  #brokenError(cause: unknown): BrokenBarrierError {
    const text = cause instanceof Error ? cause.message : String(cause);
    return new BrokenBarrierError(`${this.name} is broken: ${text}`, { cause });
  }
}
