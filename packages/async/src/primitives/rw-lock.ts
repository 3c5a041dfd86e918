import {
  ClosedError,
  type Inspectable,
  type Inspection,
  InvalidOptionError,
  type AcquireOptions,
  type Party,
  type Permit,
  type Semaphore,
} from "@quintet/core";
import {
  HeldPermit,
  Holders,
  type Parked,
  type PermitOwner,
  Primitive,
  type PrimitiveOptions,
  waitWatch,
} from "@quintet/core/kit";
import { LockSide } from "./lock-side.ts";

/** The right to write. */
export interface WritePermit extends Permit {
  /**
   * Turns it into the right to read, without letting another writer in between; readers that wait come along.
   * *Errors*: `INVALID_OPTION` when it was given back already.
   */
  downgrade(): Permit;
}

/** The writers' side: a semaphore with one permit. */
export interface WriteLock extends Semaphore {
  acquire(options?: AcquireOptions): Promise<WritePermit>;
  tryAcquire(weight?: number): WritePermit | undefined;
  use<T>(call: (permit: WritePermit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T>;
}

/** The two sides of a read/write lock. */
export interface RwLockSides {
  /** For readers, any number at a time. */
  readonly read: Semaphore;
  /** For writers, one at a time and no reader beside it. */
  readonly write: WriteLock;
}

/** A lock for many readers or one writer. */
export interface RwLock extends RwLockSides, Inspectable {
  readonly name: string;
  /** Refuses those who wait, and whoever comes. Holders keep their permits. A second call does nothing. */
  close(reason?: unknown): void;
}

/**
 * Makes a read/write lock: many readers at a time, or one writer.
 *
 * *Ordering*: phase-fair. A reader that comes while a writer waits stands behind that one writer; when a writer
 * ends, all readers that wait by then go together, and then the next writer. So neither side starves the other.
 * *Cancellation*: loses nothing; when the last writer that waits gives up, the readers behind it enter at once.
 * *Errors*: `INVALID_OPTION`, `TIMEOUT`, `CLOSED`. Both sides take a weight of 1 only.
 * *Cost*: O(1) to enter, to leave and to wait; a writer that ends grants each reader that waits.
 *
 * The rule is from Brandenburg and Anderson, "Spin-based reader-writer synchronization for multiprocessor
 * real-time systems", 2010.
 *
 * @example
 * ```ts
 * import { rwLock } from "@quintet/async";
 *
 * const lock = rwLock();
 * const settings = new Map([["theme", "dark"]]);
 * const read = (key: string) => lock.read.use(() => settings.get(key));
 * const write = (key: string, value: string) => lock.write.use(() => settings.set(key, value));
 * await Promise.all([read("theme"), write("theme", "light")]);
 * console.log(await read("theme")); // => light
 * ```
 */
export function rwLock(options?: PrimitiveOptions): RwLock {
  return new PhaseFairLock(options);
}

class HeldWrite extends HeldPermit implements WritePermit {
  readonly #lock: PhaseFairLock;

  constructor(lock: PhaseFairLock) {
    super(lock.writers, 1);
    this.#lock = lock;
  }

  downgrade(): Permit {
    if (this.surrender()) return this.#lock.downgrade(this);
    throw new InvalidOptionError(`${this.#lock.name}: what was released cannot be downgraded.`);
  }
}

class PhaseFairLock extends Primitive implements RwLock {
  readonly read: LockSide<HeldPermit>;
  readonly write: LockSide<HeldWrite>;
  readonly #readers: PermitOwner = { giveBack: (permit) => this.#endRead(permit) };
  readonly writers: PermitOwner = { giveBack: (permit) => this.#endWrite(permit) };
  #reading = 0;
  #writing = false;
  #closed: { readonly reason: unknown } | undefined;
  #holders: { readonly read: Holders; readonly write: Holders } | undefined;

  constructor(options: PrimitiveOptions | undefined) {
    super("rwLock", options);
    const checkUsable = (): void => {
      if (this.#closed) throw this.#closed.reason;
    };
    this.read = new LockSide({
      owner: this,
      checkUsable,
      what: "read",
      capacity: Infinity,
      isOpen: () => this.#isOpen() && this.write.waiting === 0,
      enter: () => this.#enterRead(),
      onGivenUp: () => {},
    });
    this.write = new LockSide({
      owner: this,
      checkUsable,
      what: "write",
      capacity: 1,
      isOpen: () => this.#isOpen() && this.#reading === 0 && this.write.waiting === 0,
      enter: () => this.#enterWrite(),
      onGivenUp: () => this.#afterWriterGaveUp(),
    });
  }

  close(reason: unknown = new ClosedError(`${this.name} is closed.`)): void {
    if (this.#closed) return;
    this.#closed = { reason };
    this.write.lot.refuseAll(reason);
    this.read.lot.refuseAll(reason);
  }

  downgrade(permit: HeldWrite): Permit {
    this.#holders?.write.delete(permit);
    this.#writing = false;
    const reader = this.#enterRead();
    this.#admitReaders();
    return reader;
  }

  protected override state(): Inspection["state"] {
    const waiting = this.read.waiting + this.write.waiting;
    const closed = this.#closed !== undefined;
    return { readers: this.#reading, writing: this.#writing, waiting, closed };
  }

  protected override holders(): Party[] {
    const { read, write } = this.#holders ?? {};
    return [...(write?.parties("write") ?? []), ...(read?.parties("read") ?? [])];
  }

  protected override waiters(): Party[] {
    const readers = this.read.lot.parties();
    const writers = this.write.lot.parties();
    if (this.#writing) return [...readers, ...writers];
    return [...writers.slice(0, 1), ...readers, ...writers.slice(1)];
  }

  #isOpen(): boolean {
    return !this.#writing && this.#closed === undefined;
  }

  #enterRead(parked?: Parked<HeldPermit, undefined>): HeldPermit {
    this.#reading++;
    const permit = new HeldPermit(this.#readers, 1);
    if (waitWatch.current) this.#noted().read.add(permit, parked?.track);
    return permit;
  }

  #enterWrite(parked?: Parked<HeldWrite, undefined>): HeldWrite {
    this.#writing = true;
    const permit = new HeldWrite(this);
    if (waitWatch.current) this.#noted().write.add(permit, parked?.track);
    return permit;
  }

  #endRead(permit: HeldPermit): void {
    this.#holders?.read.delete(permit);
    if (--this.#reading === 0) this.#admitWriter();
  }

  #endWrite(permit: HeldPermit): void {
    this.#holders?.write.delete(permit);
    this.#writing = false;
    if (this.read.waiting > 0) this.#admitReaders();
    else this.#admitWriter();
  }

  #afterWriterGaveUp(): void {
    if (!this.#writing && this.write.waiting === 0) this.#admitReaders();
  }

  /** Begins a phase of reading, or joins it, with all who wait by now. */
  #admitReaders(): void {
    const { lot } = this.read;
    for (let { first } = lot; first; { first } = lot) first.grant(this.#enterRead(first));
  }

  #admitWriter(): void {
    const { first } = this.write.lot;
    if (first) first.grant(this.#enterWrite(first));
  }

  #noted(): { readonly read: Holders; readonly write: Holders } {
    return (this.#holders ??= { read: new Holders(), write: new Holders() });
  }
}
