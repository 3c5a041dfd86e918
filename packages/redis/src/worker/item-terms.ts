import { systemClock } from "@quintet/core/kit";
import type { Envelope } from "../transport/protocol.ts";
import { ExpiredError } from "../queue-errors.ts";

/** What a running task is known by, for what comes over the control channel. */
export function itemKey(to: string | null, n: number): string {
  return `${to}#${n}`;
}

/** Why a task must not be started any more. */
export function tooLate({ task, expires, startBy, deadline }: Envelope): ExpiredError | undefined {
  const now = systemClock.date();
  const due = [expires, startBy, deadline].find((time) => time !== undefined && time < now);
  if (due === undefined) return undefined;
  return new ExpiredError(
    `${task} had to start by ${new Date(due).toISOString()}; it was not run.`,
  );
}
