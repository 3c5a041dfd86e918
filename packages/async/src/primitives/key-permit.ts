import type { Permit } from "@quintet/core";
import type { KeyEntry, KeyTable } from "./key-table.ts";
import type { WritePermit } from "./rw-lock.ts";

/** A permit that keeps its key known until it is given back. */
export class KeyPermit<Key, Held extends Permit = Permit> implements Permit {
  protected readonly table: KeyTable<Key>;
  protected readonly permit: Held;
  #entry: KeyEntry<Key> | undefined;

  constructor(table: KeyTable<Key>, entry: KeyEntry<Key>, permit: Held) {
    this.table = table;
    this.#entry = entry;
    this.permit = permit;
  }

  get weight(): number {
    return this.permit.weight;
  }

  get signal(): AbortSignal {
    return this.permit.signal;
  }

  release(): void {
    const entry = this.handOver();
    if (!entry) return;
    this.permit.release();
    this.table.leave(entry);
  }

  /** Its part in the entry, which whoever asks has to leave; none when it was given back before. */
  protected handOver(): KeyEntry<Key> | undefined {
    const entry = this.#entry;
    this.#entry = undefined;
    return entry;
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Waits until it is given back, as that of another place does. */
  async [Symbol.asyncDispose](): Promise<void> {
    const entry = this.handOver();
    if (!entry) return;
    try {
      await this.permit[Symbol.asyncDispose]();
    } finally {
      this.table.leave(entry);
    }
  }
}

/** The right to write, of which the right to read may be left. */
export class KeyWritePermit<Key> extends KeyPermit<Key, WritePermit> implements WritePermit {
  downgrade(): Permit {
    const reading = this.permit.downgrade();
    return new KeyPermit(this.table, this.handOver() as KeyEntry<Key>, reading);
  }
}
