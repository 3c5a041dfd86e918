import { type Position, slotOf } from "@quintet/pool/wire";

/** What became of a run, in two bits beside its position. */
const Claim = { started: 1, revoked: 2 } as const;

/**
 * Who was first: the task's thread, which starts a run, or the order thread, which takes it back and may hear of a run
 * before that is in the ring. So what is claimed is a position, not what stands in its slot.
 */
export class Claims {
  readonly #cells: Int32Array;

  /** In memory that both threads have, of one cell for each slot of the ring. */
  constructor(cells: Int32Array) {
    this.#cells = cells;
  }

  /** Starts a run; false when it was taken back. */
  start(position: Position): boolean {
    return this.#claim(position, Claim.started, Claim.revoked);
  }

  /** Takes a run back; false when it was started. */
  revoke(position: Position): boolean {
    return this.#claim(position, Claim.revoked, Claim.started);
  }

  #claim(position: Position, mine: number, theirs: number): boolean {
    const slot = slotOf(position);
    const taken = (position << 2) | theirs;
    for (;;) {
      const was = Atomics.load(this.#cells, slot);
      if (was === taken) return false;
      const claimed = (position << 2) | mine;
      if (Atomics.compareExchange(this.#cells, slot, was, claimed) === was) return true;
    }
  }
}
