import { InvalidOptionError, type Semaphore } from "@quintet/core";
import { type Clock, wholeNumber } from "@quintet/core/kit";
import { Slots, type SlotSource } from "./slots.ts";

/** Slots of one's own, or the semaphore that was given. *Errors*: `INVALID_OPTION`. */
export function slotSource(owner: string, slots: number | Semaphore, clock: Clock): SlotSource {
  if (typeof slots === "object" && typeof slots?.acquire === "function") return slots;
  const problem = wholeNumber(1, true)(slots, "the number of slots");
  if (problem) throw new InvalidOptionError(`${owner}: ${problem}. Or give it a semaphore.`);
  return new Slots(slots as number, clock);
}
