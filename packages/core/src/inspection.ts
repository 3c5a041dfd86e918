/** Somebody who holds a part of a primitive, or waits for one. */
export interface Party {
  /** What it holds or waits for, such as `"permit"`, `"read"` or `"item"`. */
  readonly what: string;
  /** How much of it. */
  readonly weight: number;
  /** The task it belongs to; known while waits are watched, as are the other two. */
  readonly task: string | undefined;
  /** The line of code that took it or began to wait. */
  readonly place: string | undefined;
  /** For how many milliseconds it has held or waited. */
  readonly duration: number | undefined;
  /** Whether it is an arm of a select, which something else may end as well. */
  readonly isArm?: boolean | undefined;
}

/** A look at a primitive, of the same shape for every kind. */
export interface Inspection {
  /** Such as `"semaphore"` or `"queue"`. */
  readonly kind: string;
  /** The name it was given, or its kind and a number. */
  readonly name: string;
  /** What a primitive of this kind knows about itself, such as `capacity` and `available`. */
  readonly state: Readonly<Record<string, number | boolean>>;
  /** Who holds it; listed one by one while waits are watched, otherwise only counted in `state`. */
  readonly holders: readonly Party[];
  /** Who waits, in the order in which they will be served. */
  readonly waiters: readonly Party[];
}

/** What can be looked at. */
export interface Inspectable {
  inspect(): Inspection;
}
