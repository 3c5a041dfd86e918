import type { Arm, Parked } from "@quintet/core";
import { WaitPlace } from "@quintet/core/kit";

/** The line that a place is in. */
interface Line {
  leave(place: WaitPlace): unknown;
}

/** Where an arm, of a select for instance, waits in a line. */
export class ArmPlace<T> extends WaitPlace implements Arm<T>, Parked {
  readonly #line: Line;
  readonly #arm: Arm<T>;

  /** Does not join yet. */
  constructor(line: Line, arm: Arm<T>) {
    super();
    this.#line = line;
    this.#arm = arm;
  }

  get owner(): object {
    return this.#arm.owner;
  }

  fire(value: T): boolean {
    return this.#arm.fire(value);
  }

  fail(error: unknown): boolean {
    return this.#arm.fail(error);
  }

  leave(): void {
    this.#line.leave(this);
  }
}
