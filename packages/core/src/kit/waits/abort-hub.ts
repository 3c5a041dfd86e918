import { reportUncaught } from "../errors/report-uncaught.ts";

/** One callback's place at a signal; leaving twice does nothing. */
export interface AbortRegistration {
  leave(): void;
}

class Registration implements AbortRegistration {
  previous: Registration | undefined;
  next: Registration | undefined;
  hub: Hub | undefined;
  readonly callback: (reason: unknown) => void;

  constructor(hub: Hub, callback: (reason: unknown) => void) {
    this.hub = hub;
    this.callback = callback;
  }

  leave(): void {
    this.hub?.remove(this);
  }
}

/** The waiters of one signal, in a linked list behind one listener. */
class Hub {
  readonly #signal: AbortSignal;
  #first: Registration | undefined;
  #last: Registration | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#fire);
  }

  add(callback: (reason: unknown) => void): Registration {
    const registration = new Registration(this, callback);
    registration.previous = this.#last;
    if (this.#last) this.#last.next = registration;
    else this.#first = registration;
    this.#last = registration;
    return registration;
  }

  remove(registration: Registration): void {
    const { previous, next } = registration;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    registration.previous = registration.next = registration.hub = undefined;
    if (!this.#first) this.#drop();
  }

  #drop(): void {
    this.#signal.removeEventListener("abort", this.#fire);
    if (hubs.get(this.#signal) === this) hubs.delete(this.#signal);
  }

  // Takes each from the front, so that a callback may leave, or make another leave, meanwhile.
  #fire = (): void => {
    this.#drop();
    for (let first = this.#first; first; first = this.#first) {
      this.remove(first);
      try {
        first.callback(this.#signal.reason);
      } catch (error) {
        reportUncaught(error); // the others still wait for their turn
      }
    }
  };
}

const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Calls back once when the signal aborts, with its reason. The signal must not be aborted yet.
 *
 * A signal gets one listener however many wait on it: Node searches all listeners to add or remove one,
 * which makes 20,000 waiters cost a second.
 *
 * The callback should not throw: nobody could be told, so the error is uncaught.
 *
 * *Ordering*: callbacks run in the order they joined. *Cost*: O(1) to join and to leave.
 *
 * @example
 * ```ts
 * import { onAbort } from "@quintet/core/kit";
 *
 * const controller = new AbortController();
 * const registration = onAbort(controller.signal, (reason) => console.log("aborted:", reason));
 * controller.abort("enough"); // => aborted: enough
 * registration.leave(); // nothing left to do
 * ```
 */
export function onAbort(
  signal: AbortSignal,
  callback: (reason: unknown) => void,
): AbortRegistration {
  let hub = hubs.get(signal);
  if (!hub) hubs.set(signal, (hub = new Hub(signal)));
  return hub.add(callback);
}
