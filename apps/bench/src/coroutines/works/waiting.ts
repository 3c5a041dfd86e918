import { count } from "../../format.ts";
import { measure } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { nanoseconds } from "../../unit.ts";
import type { Work } from "../../work.ts";
import { coroutineEntries } from "../coroutine-entry.ts";
import { nanosecondsEach } from "./giving-way.ts";

/** One coroutine that awaits promises which are resolved already. */
export function waitingWork(name: string, times: number): Work {
  return {
    name,
    title: `${count(times)} promises awaited in turn, each`,
    rows: [{ name, unit: nanoseconds }],
    entries: coroutineEntries(
      ({ waits }) =>
        waits &&
        (async () => {
          const { value, ...cost } = await measure(
            () => waits(times),
            () => waits(Math.min(times, 5_000)),
          );
          verify("sum of the values", times, value);
          return nanosecondsEach(name, cost, times);
        }),
    ),
  };
}
