import { ArmPlace, type Line } from "./arm-place.ts";
import type { Reservation } from "./reservation.ts";
import { Waiter } from "./waiter.ts";
import type { Arm } from "../../selectable.ts";

/** A sender that waits for room: with a value, or for a reservation, whose value comes later. */
export type Offer<T> = SendWaiter<T> | SendPlace<T> | ReserveWaiter<T>;

/** A call of `send`, which has given its value away. */
export class SendWaiter<T> extends Waiter<void> {
  readonly reserves = false;
  readonly isGiven = true;
  readonly value: T;

  constructor(value: T) {
    super();
    this.value = value;
  }
}

/** An arm that sends, and keeps its value until it wins. */
export class SendPlace<T> extends ArmPlace<void> {
  readonly reserves = false;
  readonly isGiven = false;
  readonly value: T;

  constructor(line: Line, arm: Arm<void>, value: T) {
    super(line, arm);
    this.value = value;
  }
}

/** A call of `reserve`. */
export class ReserveWaiter<T> extends Waiter<Reservation<T>> {
  readonly reserves = true;
}
