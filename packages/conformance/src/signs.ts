import { systemClock } from "@quintet/core/kit";
import { nodeModule } from "./node-modules.ts";

/**
 * How cases and tasks tell each other something in every place, also where they share no memory: through files.
 * A gate is closed while its file is there. A log is a file with a line for each thing that happened.
 */

/** A task that nobody lets go ends by itself after this many milliseconds. */
const longest = 30_000;

/** Adds a line to a log; does nothing once the case is over and the log is gone. */
export function writeLine(log: string | undefined, line: string): void {
  const { appendFileSync, existsSync } = nodeModule("node:fs");
  if (log !== undefined && existsSync(log)) appendFileSync(log, `${line}\n`);
}

/** The lines of a log. */
export function readLines(log: string): string[] {
  const text = nodeModule("node:fs").readFileSync(log, "utf8");
  return text.split("\n").slice(0, -1);
}

/** Whether a gate is still closed. */
export function isClosed(gate: string | undefined): boolean {
  return gate !== undefined && nodeModule("node:fs").existsSync(gate);
}

/** Waits until a gate is open. *Cancellation*: rejects with the signal's reason. */
export async function passGate(gate: string | undefined, signal?: AbortSignal): Promise<void> {
  const end = systemClock.now() + longest;
  while (isClosed(gate)) {
    signal?.throwIfAborted();
    if (systemClock.now() > end) throw new Error(`Nobody has opened the gate ${gate}.`);
    await nextLook(signal);
  }
}

function nextLook(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = systemClock.after(2, () => wake());
    const wake = (): void => {
      timer.cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    signal?.addEventListener("abort", wake);
  });
}

/** Waits until a gate is open, or something else has happened, without ever leaving this function. */
export function blockAtGate(
  gate: string | undefined,
  isOver: () => boolean = () => false,
  limit: number = longest,
): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const end = systemClock.now() + limit;
  while (isClosed(gate) && !isOver() && systemClock.now() < end) Atomics.wait(cell, 0, 0, 1);
}
