import type { Clock, Timer } from "@quintet/core/kit";
import { Order } from "../codec/protocol.ts";
import type { Link } from "../transport/transport.ts";
import type { WorkerTerms } from "./worker-terms.ts";
import type { WorkerUpkeep } from "./worker-upkeep.ts";

/** How long a killed worker may take before it is given up. */
const killLimit = 5_000;

/** Brings a worker to its end: asks it, makes it, gives it up, each when the one before has taken too long. */
export class WorkerEnding {
  readonly #link: Link;
  readonly #upkeep: WorkerUpkeep;
  readonly #clock: Clock;
  readonly #grace: number;
  readonly #giveUp: () => void;
  #next: Timer | undefined;
  #killed = false;

  /** `giveUp` is told once when it does not even end when it is made to. */
  constructor(
    link: Link,
    upkeep: WorkerUpkeep,
    clock: Clock,
    { grace }: WorkerTerms,
    giveUp: () => void,
  ) {
    this.#link = link;
    this.#upkeep = upkeep;
    this.#clock = clock;
    this.#grace = grace;
    this.#giveUp = giveUp;
  }

  /** Asks it; it holds no tasks. */
  ask(): void {
    this.#upkeep.leave();
    this.#link.send([Order.close]);
    this.#link.ring.unpark();
    const limit = this.#upkeep.tearsDown ? this.#grace : killLimit;
    this.#next ??= this.#clock.after(limit, () => {
      this.#upkeep.expire(this.#grace, this.#link.label);
      this.kill();
    });
  }

  /** Makes it, whatever it does. */
  kill(): void {
    // Only the first time: each further one would prolong how long it may take.
    if (this.#killed) return;
    this.#killed = true;
    this.#upkeep.abandon();
    this.#next?.cancel();
    this.#next = this.#clock.after(killLimit, this.#giveUp);
    this.#link.kill();
  }

  /** It has ended. */
  done(): void {
    this.#next?.cancel();
  }
}
