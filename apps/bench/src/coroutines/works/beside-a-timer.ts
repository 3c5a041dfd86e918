import { count } from "../../format.ts";
import { cpuPerTask, measure, perSecond } from "../../measure.ts";
import { verify } from "../../mismatch-error.ts";
import { milliseconds, tasksPerSecond } from "../../unit.ts";
import type { Work } from "../../work.ts";
import { coroutineEntries } from "../coroutine-entry.ts";

/** Milliseconds between two ticks of the timer. */
const interval = 5;

/** About a tenth of a millisecond. Looks at no clock, so that a slow machine shows. */
function compute(): number {
  let value = 1;
  for (let round = 0; round < 5_000; round++) value = (value * 48_271 + round) % 2_147_483_647;
  return value;
}

/** The longest time between two ticks while something runs, in milliseconds. */
async function longestGap(action: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, interval);
  await action();
  look();
  clearInterval(timer);
  return longest;
}

/** Fifty that compute, and a timer that should tick every 5 ms. */
export function besideATimerWork(coroutines: number, steps: number): Work {
  const [gap, speed] = ["fifty beside a timer: longest gap", "fifty beside a timer: steps"];
  const all = coroutines * steps;
  return {
    name: "fifty beside a timer",
    title: `${count(coroutines)} coroutines of ${count(steps)} steps of 0.1 ms, and a timer of ${interval} ms`,
    rows: [
      { name: gap, unit: milliseconds },
      { name: speed, unit: tasksPerSecond },
    ],
    entries: coroutineEntries(
      ({ steps: run }) =>
        run &&
        (async () => {
          let made = 0;
          const work = (): void => {
            made++;
            compute();
          };
          const { value, ...cost } = await measure(
            () => {
              made = 0;
              return longestGap(() => run(coroutines, steps, work));
            },
            () => run(coroutines, 2, work),
          );
          verify("number of steps", all, made);
          return {
            [gap]: { value },
            [speed]: { value: perSecond(cost, all), cpuPerTask: cpuPerTask(cost, all) },
          };
        }),
    ),
  };
}
