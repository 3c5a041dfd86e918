import type { AcquireOptions, Permit, Semaphore } from "@quintet/core";
import { useHeld } from "@quintet/core/kit";
import { KeyPermit, KeyWritePermit } from "./key-permit.ts";
import { type KeyEntry, type KeySide, type KeyTable, semaphoreOf } from "./key-table.ts";
import type { RwLockSides, WriteLock, WritePermit } from "./rw-lock.ts";

/** A semaphore that stands for that of a key: it finds the real one whenever something is asked of it. */
abstract class KeyedSemaphore<Key, Held extends Permit> implements Semaphore {
  protected readonly table: KeyTable<Key>;
  protected readonly key: Key;
  readonly #side: KeySide;

  constructor(table: KeyTable<Key>, key: Key, side?: KeySide) {
    this.table = table;
    this.key = key;
    this.#side = side;
  }

  get capacity(): number {
    return this.#peek().capacity;
  }

  get available(): number {
    return this.#peek().available;
  }

  get waiting(): number {
    return this.#peek().waiting;
  }

  async acquire(options?: AcquireOptions): Promise<Held> {
    const entry = this.table.enter(this.key);
    try {
      return this.wrapped(entry, await this.#of(entry).acquire(options));
    } catch (error) {
      this.table.leave(entry);
      throw error;
    }
  }

  tryAcquire(weight?: number): Held | undefined {
    const entry = this.table.enter(this.key);
    let permit: Permit | undefined;
    try {
      permit = this.#of(entry).tryAcquire(weight);
    } finally {
      if (!permit) this.table.leave(entry);
    }
    return permit && this.wrapped(entry, permit);
  }

  async use<T>(call: (permit: Held) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    const entry = this.table.enter(this.key);
    try {
      return await this.#of(entry).use((permit) => this.lend(permit, call), options);
    } finally {
      this.table.leave(entry);
    }
  }

  protected abstract wrapped(entry: KeyEntry<Key>, permit: Permit): Held;

  /** Calls with what is held as long as the function runs. */
  protected abstract lend<T>(
    permit: Permit,
    call: (permit: Held) => T | PromiseLike<T>,
  ): T | PromiseLike<T>;

  #of(entry: KeyEntry<Key>): Semaphore {
    return semaphoreOf(entry.lock, this.#side);
  }

  #peek(): Semaphore {
    return semaphoreOf(this.table.peek(this.key), this.#side);
  }
}

class KeySemaphore<Key> extends KeyedSemaphore<Key, Permit> {
  protected override wrapped(entry: KeyEntry<Key>, permit: Permit): Permit {
    return new KeyPermit(this.table, entry, permit);
  }

  protected override lend<T>(permit: Permit, call: (permit: Permit) => T): T {
    return call(permit);
  }
}

class KeyWriteLock<Key> extends KeyedSemaphore<Key, WritePermit> implements WriteLock {
  protected override wrapped(entry: KeyEntry<Key>, permit: Permit): WritePermit {
    return new KeyWritePermit(this.table, entry, permit as WritePermit);
  }

  /** What a downgrade leaves may be held for longer, and keeps the key known. */
  protected override lend<T>(
    permit: Permit,
    call: (permit: WritePermit) => T | PromiseLike<T>,
  ): Promise<T> {
    return useHeld(this.wrapped(this.table.enter(this.key), permit), call);
  }
}

/** What there is for a key: a semaphore where the function makes those, both sides where it makes read/write locks. */
export class KeyLockHandle<Key> extends KeySemaphore<Key> implements RwLockSides {
  get read(): Semaphore {
    return new KeySemaphore(this.table, this.key, "read");
  }

  get write(): WriteLock {
    return new KeyWriteLock(this.table, this.key, "write");
  }
}
