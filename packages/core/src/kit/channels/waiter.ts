import { type AbortRegistration, onAbort } from "../waits/abort-hub.ts";
import { WaitPlace } from "../waits/wait-line.ts";
import type { Track } from "../waits/wait-watch.ts";
import type { Arm } from "../../selectable.ts";

let resolveNew: (value: never) => void;
let rejectNew: (reason: unknown) => void;
/** One executor for all promises, instead of a closure for each. */
const keep = (resolve: (value: never) => void, reject: (reason: unknown) => void): void => {
  resolveNew = resolve;
  rejectNew = reject;
};

/** One call that waits, behind the promise it has returned; nobody else's arm, and its own place in a line. */
export class Waiter<T> extends WaitPlace implements Arm<T> {
  readonly isArm = false;
  /** Who it is; known while waits are watched. */
  declare track?: Track;
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (reason: unknown) => void;
  #registration: AbortRegistration | undefined = undefined;

  constructor() {
    super();
    this.promise = new Promise<T>(keep as never);
    this.#resolve = resolveNew as (value: T) => void;
    this.#reject = rejectNew;
  }

  get owner(): object {
    return this;
  }

  fire(value: T): boolean {
    this.#registration?.leave();
    this.#resolve(value);
    return true;
  }

  fail(error: unknown): boolean {
    this.#registration?.leave();
    this.#reject(error);
    return true;
  }

  /** When the signal aborts: leaves where it waits, and rejects with the reason. */
  leaveOn(signal: AbortSignal, leave: () => void): void {
    this.#registration = onAbort(signal, (reason) => {
      leave();
      this.#reject(reason);
    });
  }
}
