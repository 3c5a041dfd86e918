/** What `poll` gives when there is nothing yet. */
export const notReady: unique symbol = Symbol.for("quintet.not-ready");

/** A place in a wait; leaving twice does nothing. */
export interface Parked {
  leave(): void;
}

/** The one that waits for a `Selectable`, often together with others of which one wins. */
export interface Arm<T> {
  /** Who waits: arms of one `select` have the same, and must not serve each other. */
  readonly owner: object;
  /** Ends the wait with a value. False, and no effect, when it has ended already: the value is not taken. */
  fire(value: T): boolean;
  /** Ends the wait with an error. False when it has ended already. */
  fail(error: unknown): boolean;
}

/**
 * Something that becomes ready, and that a `select` can wait for together with others. Everyone may write one.
 *
 * Whatever waits gets what it waited for in the very call of `fire`, and one that has lost has left before
 * anyone else runs, so nothing is handed over twice or lost.
 */
export interface Selectable<T> {
  /**
   * Takes what is ready now, or gives `notReady` and changes nothing.
   * What it throws is the error that the wait ends with.
   */
  poll(): T | typeof notReady;
  /**
   * Waits: calls `fire` or `fail` of the arm once. Called right after `poll` gave `notReady`.
   * `leave` is called when the wait has ended, also by this arm.
   */
  park(arm: Arm<T>): Parked;
}
