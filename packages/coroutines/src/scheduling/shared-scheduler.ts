import { type Clock, systemClock } from "@quintet/core/kit";
import { Scheduler } from "./scheduler.ts";
import { TimeSlice } from "./time-slice.ts";

/** Milliseconds. A page has to draw 60 times a second; elsewhere a longer slice costs nobody anything. */
export const sliceLength: number = "document" in globalThis ? 5 : 10;

/** The slice that all cooperative work of a program uses up together, where nothing else was asked for. */
export const sharedSlice: TimeSlice = new TimeSlice(systemClock, sliceLength);

/** Whose turn it is in that slice. */
export const sharedScheduler: Scheduler = new Scheduler(sharedSlice);

const schedulers = new WeakMap<Clock, Scheduler>([[systemClock, sharedScheduler]]);

/** The scheduler of all who take their time from this clock and asked for no slice of their own. */
export function schedulerOf(clock: Clock): Scheduler {
  let scheduler = schedulers.get(clock);
  if (!scheduler) {
    scheduler = new Scheduler(new TimeSlice(clock, sliceLength));
    schedulers.set(clock, scheduler);
  }
  return scheduler;
}
