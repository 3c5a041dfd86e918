import { Waiter } from "./waiter.ts";
import { WaitPlace } from "../waits/wait-line.ts";
import type { Track } from "../waits/wait-watch.ts";
import type { Arm, Parked } from "../../selectable.ts";

/** The line that a place is in. */
export interface Line {
  leave(place: WaitPlace): unknown;
}

/** Where an arm, of a select for instance, waits in a line. */
export class ArmPlace<T> extends WaitPlace implements Arm<T>, Parked {
  /** Who it is; known while waits are watched. */
  declare track?: Track;
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

  /** A call of `receive` at a broadcast, say, waits for nothing else. */
  get isArm(): boolean {
    return !(this.#arm instanceof Waiter);
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
