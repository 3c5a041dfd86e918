import type { Inspectable, Party } from "../../inspection.ts";
import { party } from "../waits/parking-lot.ts";
import { WaitLine, type WaitPlace } from "../waits/wait-line.ts";
import { type Track, waitWatch } from "../waits/wait-watch.ts";

/** A place in a line that tells who stands there. */
export interface WatchedPlace extends WaitPlace {
  /** Whether it is an arm of a select, which something else may end as well. */
  readonly isArm: boolean;
  /** Who it is; known while waits are watched. */
  track?: Track;
}

/**
 * A line whose waiters are seen by who watches waits. Nobody watching costs one property read for each.
 * A package gives it a `track` of its own, by which the watch knows that package on a stack.
 */
export class WatchedLine<Place extends WatchedPlace> extends WaitLine<Place> {
  readonly owner: Inspectable;
  readonly #track: () => Track | undefined;

  constructor(owner: Inspectable, track: () => Track | undefined = trackHere) {
    super();
    this.owner = owner;
    this.#track = track;
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
    place.track = this.#track() as Track;
    waitWatch.current?.lots.add(this);
  }
}

const trackHere = (): Track | undefined => waitWatch.current?.track();
