import { type Inspection, InvalidOptionError, type Semaphore } from "@quintet/core";
import { typed } from "@quintet/core/kit";
import { KeyLockHandle } from "./key-semaphore.ts";
import { type KeyLock, KeyTable } from "./key-table.ts";
import type { RwLockSides } from "./rw-lock.ts";

/** A semaphore, a mutex or a read/write lock for each key. */
export interface Keyed<Key, Lock = Semaphore> {
  /** How many keys are held or waited for; the others are forgotten. */
  readonly size: number;
  /** The semaphore or the lock of a key. It may be kept for any time; two of one key are the same to everybody. */
  get(key: Key): Lock;
  /** The keys that are held or waited for. */
  keys(): IterableIterator<Key>;
  /** A look at each of them that can be looked at. */
  inspect(): Map<Key, Inspection>;
}

/**
 * Makes one semaphore for each key, by a function that makes one, such as `() => mutex()`: what belongs to one user
 * waits for that user's, and nobody else's. A key that nobody holds or waits for takes no memory.
 *
 * Keys are compared as those of a `Map` are. The function gets the key, and gives any `Semaphore`, of whatever place,
 * or an `rwLock()`, of which `get` then gives both sides.
 *
 * *Ordering*, *Cancellation*, *Errors*: those of the semaphores. *Cost*: one lookup and one small object more than
 * theirs.
 *
 * @example
 * ```ts
 * import { keyed, mutex } from "@quintet/async";
 *
 * const locks = keyed(() => mutex());
 * const log: string[] = [];
 * const save = (user: string, text: string) =>
 *   locks.get(user).use(async () => {
 *     await Promise.resolve();
 *     log.push(`${user}: ${text}`);
 *   });
 * await Promise.all([save("ada", "1"), save("ada", "2"), save("bob", "1")]);
 * console.log(log); // => [ 'ada: 1', 'bob: 1', 'ada: 2' ]
 * console.log(locks.size); // => 0
 * ```
 */
export function keyed<Key = string>(create: (key: Key) => Semaphore): Keyed<Key>;
export function keyed<Key = string>(create: (key: Key) => RwLockSides): Keyed<Key, RwLockSides>;
export function keyed<Key = string>(
  create: (key: Key) => KeyLock,
): Keyed<Key, Semaphore & RwLockSides> {
  const problem = typed("function")(create, "the first argument");
  if (problem) throw new InvalidOptionError(`keyed(): ${problem}.`);
  return new KeyedLocks(create);
}

class KeyedLocks<Key> extends KeyTable<Key> implements Keyed<Key, Semaphore & RwLockSides> {
  get(key: Key): KeyLockHandle<Key> {
    return new KeyLockHandle(this, key);
  }
}
