import { InvalidOptionError, type Semaphore } from "@quintet/core";
import { type Clock, wholeNumber } from "@quintet/core/kit";
import { semaphore } from "../primitives/semaphore.ts";

/** A semaphore of the policy's own, or the one that was given. *Errors*: `INVALID_OPTION`. */
export function slotSource(owner: string, slots: number | Semaphore, clock: Clock): Semaphore {
  if (typeof slots === "object" && typeof slots?.acquire === "function") return slots;
  const problem = wholeNumber(1, true)(slots, "the number of slots");
  if (problem) throw new InvalidOptionError(`${owner}: ${problem}. Or give it a semaphore.`);
  return semaphore(slots as number, { name: owner, clock });
}
