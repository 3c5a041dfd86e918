import { isQuintetError } from "@quintet/core";
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

/** Whether a task is run again, in the same job, after its worker was lost; so often it was before. */
export function retriesLoss(error: unknown, { retries = 0 }: Envelope, before: number): boolean {
  return isQuintetError(error, "WORKER_LOST") && before < retries;
}

/** When a task that failed by itself in this attempt is run again, if it is. */
export function retryOf(
  error: unknown,
  { retry }: Envelope,
  attempt: number,
): { readonly type: "again"; readonly attempt: number; readonly delay: number } | undefined {
  if (!retry || attempt >= retry.attempts) return undefined;
  // These say that another attempt would end alike.
  if (isQuintetError(error, "NOT_CLONEABLE") || isQuintetError(error, "TASK_NOT_FOUND"))
    return undefined;
  const delay = Math.min(retry.delay * retry.factor ** (attempt - 1), retry.most);
  return { type: "again", attempt: attempt + 1, delay };
}
