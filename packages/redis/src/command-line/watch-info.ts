import { clearScreenDown, moveCursor } from "node:readline";
import type { Writable } from "node:stream";
import { systemClock } from "@quintet/core/kit";
import type { QueueInfo } from "./queue-admin.ts";

/** Where a text is drawn over the one before it. */
export type Terminal = Writable & { readonly columns?: number };

/** Asks again and again, so many milliseconds apart, until the signal is aborted. *Errors*: what the question rejects with. */
export async function watchInfo(
  ask: () => Promise<QueueInfo>,
  show: (info: QueueInfo) => void,
  every: number,
  signal: AbortSignal,
): Promise<void> {
  const over = Promise.withResolvers<undefined>();
  const end = (): void => over.resolve(undefined);
  signal.addEventListener("abort", end);
  try {
    while (!signal.aborted) {
      // Redis may not answer just now, and whoever wants to leave does not wait for that.
      const asked = ask();
      asked.catch(() => {});
      const info = await Promise.race([asked, over.promise]);
      if (!info) return;
      show(info);
      const pause = Promise.withResolvers<undefined>();
      const timer = systemClock.after(every, () => pause.resolve(undefined));
      await Promise.race([pause.promise, over.promise]);
      timer.cancel();
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** Draws texts in the same place of a terminal, each instead of the one before it. */
export function drawer(terminal: Terminal): (text: string) => void {
  let height = 0;
  return (text) => {
    // A line that wraps would take more than one.
    const lines = text.split("\n").map((line) => line.slice(0, (terminal.columns || 80) - 1));
    if (height > 0) moveCursor(terminal, 0, -height);
    clearScreenDown(terminal);
    terminal.write(`${lines.join("\n")}\n`);
    height = lines.length;
  };
}

/** For people. */
export function infoText(info: QueueInfo): string {
  const { queue, paused, waiting, delayed, running, dead, workers } = info;
  const counts = `${waiting} waiting, ${delayed} delayed, ${running} running, ${dead} dead`;
  const lines = workers.map(
    ({ name, running: busy, concurrency, tasks }) =>
      `  ${name}: ${busy} of ${concurrency} running; ${tasks.length} tasks`,
  );
  return [
    `${queue}${paused ? " (paused)" : ""}: ${counts}, ${workers.length} workers`,
    ...lines,
  ].join("\n");
}
