import { createLogUpdate } from "log-update";
import { count, files, rate, seconds, times } from "./format.ts";
import type { Progress, ProgressOptions } from "./progress.ts";

/** Milliseconds between two drawings. There is no timer: a busy event loop would not let it fire. */
const frame = 80;

/** A bar that is drawn again and again in one line of a terminal. */
export function barProgress({ title, total, baseline, output }: ProgressOptions): Progress {
  const draw = createLogUpdate(output);
  let drawn = -Infinity;
  return {
    update(done, time) {
      const now = performance.now();
      if (done > 0 && done < total && now - drawn < frame) return;
      drawn = now;
      draw(barLine({ title, done, total, baseline, time, columns: output.columns }));
    },
    stop: () => draw.done(),
  };
}

/** What a bar shows at one moment. */
export interface Moment extends Omit<ProgressOptions, "output"> {
  readonly done: number;
  /** Milliseconds since the first file. */
  readonly time: number;
  /** The width of the terminal. */
  readonly columns: number;
}

const longestBar = 40;
const shortestBar = 5;

/** One line that fits the terminal, however narrow. */
export function barLine({ title, done, total, baseline, time, columns }: Moment): string {
  const text = [
    `${count(done).padStart(count(total).length)} of ${files(total)}`,
    ...(done === total ? [`in ${seconds(time)}`] : []),
    ...(done > 0 ? [rate(done, time)] : []),
    ...(done > 0 && baseline !== undefined ? [times((baseline[done] ?? 0) / time)] : []),
  ].join("  ");
  const start = `${title.padEnd(10)}  `;
  const room = Math.min(longestBar, columns - start.length - text.length - 3);
  const filled = Math.floor((done / total) * room);
  const bar = room < shortestBar ? "" : `${"█".repeat(filled)}${"░".repeat(room - filled)}  `;
  return `${start}${bar}${text}`.slice(0, columns - 1);
}
