import {
  type AcquireOptions,
  type Inspectable,
  type Inspection,
  InvalidOptionError,
  type Permit,
  type Semaphore,
} from "@quintet/core";
import { typed } from "@quintet/core/kit";

/** A semaphore, or a mutex, for each key. */
export interface Keyed<Key> {
  /** How many keys are held or waited for; the others are forgotten. */
  readonly size: number;
  /** The semaphore of a key. It may be kept for any time; two of one key are the same to everybody. */
  get(key: Key): Semaphore;
  /** The keys that are held or waited for. */
  keys(): IterableIterator<Key>;
  /** A look at each of them that can be looked at. */
  inspect(): Map<Key, Inspection>;
}

/**
 * Makes one semaphore for each key, by a function that makes one, such as `() => mutex()`: what belongs to one user
 * waits for that user's, and nobody else's. A key that nobody holds or waits for takes no memory.
 *
 * Keys are compared as those of a `Map` are. The function gets the key, and gives any `Semaphore`, of whatever place.
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
export function keyed<Key = string>(create: (key: Key) => Semaphore): Keyed<Key> {
  const problem = typed("function")(create, "the first argument");
  if (problem) throw new InvalidOptionError(`keyed(): ${problem}.`);
  return new KeyTable(create);
}

class KeyTable<Key> implements Keyed<Key> {
  readonly #create: (key: Key) => Semaphore;
  readonly #entries = new Map<Key, Entry<Key>>();

  constructor(create: (key: Key) => Semaphore) {
    this.#create = create;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Semaphore {
    return new KeySemaphore(this, key);
  }

  keys(): IterableIterator<Key> {
    return this.#entries.keys();
  }

  inspect(): Map<Key, Inspection> {
    const found = new Map<Key, Inspection>();
    for (const [key, { semaphore }] of this.#entries) {
      if ("inspect" in semaphore) found.set(key, (semaphore as Semaphore & Inspectable).inspect());
    }
    return found;
  }

  /** The semaphore of a key, as it is now or would be. */
  peek(key: Key): Semaphore {
    return this.#entries.get(key)?.semaphore ?? this.#made(key);
  }

  /** Keeps the semaphore of a key until as many have left it. */
  enter(key: Key): Entry<Key> {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { key, semaphore: this.#made(key), users: 0 };
      this.#entries.set(key, entry);
    }
    entry.users++;
    return entry;
  }

  leave(entry: Entry<Key>): void {
    if (--entry.users === 0) this.#entries.delete(entry.key);
  }

  #made(key: Key): Semaphore {
    const made = this.#create(key);
    if (typeof made?.acquire === "function") return made;
    throw new InvalidOptionError(
      `keyed(): the function must give a semaphore, got ${typeof made}.`,
    );
  }
}

/** A key that somebody holds or waits for. */
interface Entry<Key> {
  readonly key: Key;
  readonly semaphore: Semaphore;
  /** How many hold or wait. */
  users: number;
}

/** The semaphore of a key: it finds the real one whenever something is asked of it. */
class KeySemaphore<Key> implements Semaphore {
  readonly #table: KeyTable<Key>;
  readonly #key: Key;

  constructor(table: KeyTable<Key>, key: Key) {
    this.#table = table;
    this.#key = key;
  }

  get capacity(): number {
    return this.#table.peek(this.#key).capacity;
  }

  get available(): number {
    return this.#table.peek(this.#key).available;
  }

  get waiting(): number {
    return this.#table.peek(this.#key).waiting;
  }

  async acquire(options?: AcquireOptions): Promise<Permit> {
    const entry = this.#table.enter(this.#key);
    try {
      return new KeyPermit(this.#table, entry, await entry.semaphore.acquire(options));
    } catch (error) {
      this.#table.leave(entry);
      throw error;
    }
  }

  tryAcquire(weight?: number): Permit | undefined {
    const entry = this.#table.enter(this.#key);
    let permit: Permit | undefined;
    try {
      permit = entry.semaphore.tryAcquire(weight);
    } finally {
      if (!permit) this.#table.leave(entry);
    }
    return permit && new KeyPermit(this.#table, entry, permit);
  }

  async use<T>(call: (permit: Permit) => T | PromiseLike<T>, options?: AcquireOptions): Promise<T> {
    const entry = this.#table.enter(this.#key);
    try {
      return await entry.semaphore.use(call, options);
    } finally {
      this.#table.leave(entry);
    }
  }
}

/** A permit that keeps its key known until it is given back. */
class KeyPermit<Key> implements Permit {
  readonly #table: KeyTable<Key>;
  readonly #permit: Permit;
  #entry: Entry<Key> | undefined;

  constructor(table: KeyTable<Key>, entry: Entry<Key>, permit: Permit) {
    this.#table = table;
    this.#entry = entry;
    this.#permit = permit;
  }

  get weight(): number {
    return this.#permit.weight;
  }

  get signal(): AbortSignal {
    return this.#permit.signal;
  }

  release(): void {
    const entry = this.#entry;
    if (!entry) return;
    this.#entry = undefined;
    this.#permit.release();
    this.#table.leave(entry);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
