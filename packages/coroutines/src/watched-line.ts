import type { Inspectable, Party } from "@quintet/core";
import { party, type Track, WaitLine, type WaitPlace, waitWatch } from "@quintet/core/kit";

/** A place in a line that tells who stands there. */
export interface WatchedPlace extends WaitPlace {
  /** Whether it is an arm of a select, which something else may end as well. */
  readonly isArm: boolean;
  /** Who it is; known while waits are watched. */
  track?: Track;
}

/**
 * A line whose waiters are seen by who watches waits. Nobody watching costs one property read for each.
 * This file is in the folder of the whole package, by which the watch knows the package on a stack.
 */
export class WatchedLine<Place extends WatchedPlace> extends WaitLine<Place> {
  readonly owner: Inspectable;

  constructor(owner: Inspectable) {
    super();
    this.owner = owner;
  }

  override join(place: Place, priority?: number): void {
    super.join(place, priority);
    if (waitWatch.current) this.#note(place);
  }

  override leave(place: Place): boolean {
    const hasLeft = super.leave(place);
    if (waitWatch.current && this.size === 0) waitWatch.current.lots.delete(this);
    return hasLeft;
  }

  /** Everybody who waits, in order, for an inspection. */
  parties(whatFor: (place: Place) => string): Party[] {
    return Array.from(this, (place) => {
      const { isArm, track } = place;
      return { ...party(whatFor(place), 1, track), isArm };
    });
  }

  #note(place: Place): void {
    place.track = waitWatch.current?.track() as Track;
    waitWatch.current?.lots.add(this);
  }
}
