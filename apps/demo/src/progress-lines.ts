import { count, files, rate, seconds, times } from "./format.ts";
import type { Progress, ProgressOptions } from "./progress.ts";

const parts = 4;

/** A line at the start and after each quarter. */
export function lineProgress({ title, total, baseline, output }: ProgressOptions): Progress {
  let told = 0;
  return {
    update(done, time) {
      if (done === 0) output.write(`${title}: running\n`);
      const reached = Math.floor((parts * done) / total);
      if (reached <= told) return;
      told = reached;
      const text = [
        `${title}: ${count(done)} of ${files(total)}`,
        ...(done === total ? [`in ${seconds(time)}`] : []),
        rate(done, time),
        ...(baseline === undefined ? [] : [times((baseline[done] ?? 0) / time)]),
      ].join("  ");
      output.write(`${text}\n`);
    },
    stop() {},
  };
}
