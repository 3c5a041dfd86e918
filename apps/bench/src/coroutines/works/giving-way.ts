import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { nanoseconds } from "../../unit.ts";
import type { Readings, Work } from "../../work.ts";
import { coroutineEntries } from "../coroutine-entry.ts";

/** What something that is done so often takes each time. */
export const nanosecondsEach = (name: string, cost: Cost, times: number): Readings => ({
  [name]: { value: (1e6 * cost.time) / times, cpuPerTask: cpuPerTask(cost, times) },
});

/** So many yields warm everybody up. */
const mostWarm = 10_000;

/** So many coroutines that do nothing but give way, so many times together. */
export function givingWayWork(name: string, coroutines: number, times: number): Work {
  const steps = times / coroutines;
  return {
    name,
    title: `${count(times)} yields by ${count(coroutines)} together, a yield`,
    rows: [{ name, unit: nanoseconds }],
    entries: coroutineEntries(({ steps: run, refusal }) => {
      if (!run || refusal !== undefined) return refusal;
      return async () => {
        let made = 0;
        const work = (): void => void made++;
        const warm = Math.ceil(Math.min(times, mostWarm) / coroutines);
        const cost = await measure(
          () => {
            made = 0;
            return run(coroutines, steps, work);
          },
          () => run(coroutines, warm, work),
        );
        verify("number of steps", times, made);
        return nanosecondsEach(name, cost, times);
      };
    }),
  };
}
