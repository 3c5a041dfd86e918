import type { Inspection } from "../../inspection.ts";
import { notReady, type Selectable } from "../../selectable.ts";
import type { Permit } from "../../semaphore.ts";
import type { Clock } from "../clock/clock.ts";
import { CountingSemaphore } from "../permits/counting-semaphore.ts";
import { answering } from "./answering.ts";
import type { Grant, NameRequest } from "./name-desk.ts";

type Acquire = Extract<NameRequest, { readonly ask: "acquire" }>;

/** The semaphores of one desk, by name, and the permits that are out. */
export class LocalSemaphores {
  readonly #clock: Clock;
  readonly #table = new Map<string, CountingSemaphore>();
  readonly #out = new Map<number, { readonly name: string; readonly permit: Permit }>();
  /** Counted over all names: it grows for each of them, also of one that was forgotten meanwhile. */
  #grants = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Says how many permits there are of a name. */
  declare(name: string, permits: number): void {
    this.#at(name, permits);
    this.tidy(name);
  }

  acquiring({ name, permits, weight, priority }: Acquire): Selectable<Grant> {
    const arm = this.#at(name, permits).acquiring({ weight, priority });
    const granted = (permit: Permit): Grant => {
      const id = ++this.#grants;
      this.#out.set(id, { name, permit });
      return { permit: id, fencingToken: id };
    };
    return {
      poll: () => {
        const permit = arm.poll();
        return permit === notReady ? permit : granted(permit);
      },
      park: (waiting) => arm.park(answering(waiting, granted)),
    };
  }

  /** Takes a permit back; does nothing when it is back already. */
  release(id: number): void {
    const held = this.#out.get(id);
    if (!held) return;
    this.#out.delete(id);
    held.permit.release();
    this.tidy(held.name);
  }

  inspect(name: string): Inspection {
    const found = this.#at(name, undefined).inspect();
    this.tidy(name);
    return found;
  }

  /** Forgets a name that is not used, where the next one who asks makes the same of it. */
  tidy(name: string): void {
    const semaphore = this.#table.get(name);
    if (semaphore?.capacity === 1 && semaphore.available === 1 && semaphore.waiting === 0)
      this.#table.delete(name);
  }

  /** The last one who says how many permits there are counts. */
  #at(name: string, permits: number | undefined): CountingSemaphore {
    let semaphore = this.#table.get(name);
    if (!semaphore) {
      semaphore = new CountingSemaphore("semaphore", permits ?? 1, { name, clock: this.#clock });
      this.#table.set(name, semaphore);
    } else if (permits !== undefined && permits !== semaphore.capacity) semaphore.resize(permits);
    return semaphore;
  }
}
