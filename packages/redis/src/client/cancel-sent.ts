import { encodeError } from "../values/encode-value.ts";
import type { SentRun } from "./sent-run.ts";
import type { ClientLink } from "../transport/transport.ts";

/** Gets a task out of the queue, or tells the worker that has it. True when nothing more is heard of it. */
export async function cancelSent(
  link: ClientLink,
  client: string,
  sent: SentRun,
  reason: unknown,
): Promise<boolean> {
  const { run, job, jobId, deduped, shares } = sent;
  if (job === undefined) return false;
  if (jobId !== undefined) {
    const others = await link.leave(job, run.taskId, run.number, deduped);
    // It is theirs as well.
    if (deduped || others > 0) return true;
  }
  const control = {
    type: "cancel",
    to: client,
    n: run.number,
    reason: encodeError(reason).json,
  } as const;
  if (!run.started) {
    if (shares > 1) {
      await link.withdraw(job, control);
      return true;
    }
    if (await link.remove(job)) return true;
  }
  await link.tell(control);
  return false;
}
