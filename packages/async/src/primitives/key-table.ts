import {
  type Inspectable,
  type Inspection,
  InvalidOptionError,
  type Semaphore,
} from "@quintet/core";
import type { RwLockSides } from "./rw-lock.ts";

/** What there is for a key: a semaphore, or a read/write lock. */
export type KeyLock = Semaphore | RwLockSides;

/** A key that somebody holds or waits for. */
export interface KeyEntry<Key> {
  readonly key: Key;
  readonly lock: KeyLock;
  /** How many hold or wait. */
  users: number;
}

/** What is held or waited for by key; the rest is forgotten. */
export class KeyTable<Key> {
  readonly #create: (key: Key) => KeyLock;
  readonly #entries = new Map<Key, KeyEntry<Key>>();

  constructor(create: (key: Key) => KeyLock) {
    this.#create = create;
  }

  get size(): number {
    return this.#entries.size;
  }

  keys(): IterableIterator<Key> {
    return this.#entries.keys();
  }

  inspect(): Map<Key, Inspection> {
    const found = new Map<Key, Inspection>();
    for (const [key, { lock }] of this.#entries) {
      if ("inspect" in lock) found.set(key, (lock as KeyLock & Inspectable).inspect());
    }
    return found;
  }

  /** The lock of a key, as it is now or would be. */
  peek(key: Key): KeyLock {
    return this.#entries.get(key)?.lock ?? this.#create(key);
  }

  /** Keeps the lock of a key until as many have left it. */
  enter(key: Key): KeyEntry<Key> {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { key, lock: this.#create(key), users: 0 };
      this.#entries.set(key, entry);
    }
    entry.users++;
    return entry;
  }

  leave(entry: KeyEntry<Key>): void {
    if (--entry.users === 0) this.#entries.delete(entry.key);
  }
}

/** Which semaphore of a lock is meant. */
export type KeySide = "read" | "write" | undefined;

/** *Errors*: `INVALID_OPTION` where the function has made something else. */
export function semaphoreOf(lock: KeyLock, side: KeySide): Semaphore {
  const found: Partial<Semaphore> | undefined =
    side === undefined ? (lock as Semaphore) : (lock as Partial<RwLockSides> | undefined)?.[side];
  if (typeof found?.acquire === "function") return found as Semaphore;
  const wanted = side === undefined ? "a semaphore" : "a read/write lock";
  throw new InvalidOptionError(`keyed(): the function must give ${wanted}, got ${typeof lock}.`);
}
