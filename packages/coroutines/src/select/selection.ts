import type { Arm, Parked } from "@quintet/core";
import { reportUncaught, Waiter } from "@quintet/core/kit";
import type { EnabledArms } from "./arms.ts";

/** Which arm has won, and what it gave. */
export interface Winner {
  readonly arm: string | number;
  readonly value: unknown;
}

/** A select that waits: parked at all its arms, until one of them fires. */
export class Selection implements Parked {
  readonly #waiter = new Waiter<Winner>();
  readonly #parked: Parked[] = [];
  #ended = false;

  constructor({ names, selectables }: EnabledArms, signal: AbortSignal | undefined) {
    if (signal) this.#waiter.leaveOn(signal, () => this.leave());
    try {
      for (let index = 0; index < names.length && !this.#ended; index++) {
        const parked = selectables[index]!.park(new SelectArm(this, names[index]!));
        // A stranger's arm may fire at once, and then it was not in the list yet.
        if (this.#ended) leave(parked);
        else this.#parked.push(parked);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  get promise(): Promise<Winner> {
    return this.#waiter.promise;
  }

  fire(winner: Winner): boolean {
    if (this.#ended) return false;
    this.leave();
    return this.#waiter.fire(winner);
  }

  fail(error: unknown): boolean {
    if (this.#ended) return false;
    this.leave();
    return this.#waiter.fail(error);
  }

  /** Leaves every arm, before anyone else runs. */
  leave(): void {
    this.#ended = true;
    for (let index = 0; index < this.#parked.length; index++) leave(this.#parked[index]!);
  }
}

/** One of the arms of a select. */
class SelectArm implements Arm<unknown> {
  readonly owner: Selection;
  readonly #name: string | number;

  constructor(owner: Selection, name: string | number) {
    this.owner = owner;
    this.#name = name;
  }

  fire(value: unknown): boolean {
    return this.owner.fire({ arm: this.#name, value });
  }

  fail(error: unknown): boolean {
    return this.owner.fail(error);
  }
}

/** The others have to leave as well when a stranger's arm throws. */
function leave(parked: Parked): void {
  try {
    parked.leave();
  } catch (error) {
    reportUncaught(error);
  }
}
