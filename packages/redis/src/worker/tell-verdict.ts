import { type ItemPlace, ItemReporter } from "./item-reporter.ts";
import type { JobVerdict } from "./job-verdicts.ts";
import type { Envelope } from "../transport/protocol.ts";
import type { FetchedJob, JobEnd, WorkerLink } from "../transport/transport.ts";

/** Tells what becomes of a job that does not run now, and gives it; resolves when that is safe in Redis. */
export async function tellVerdict(
  link: Pick<WorkerLink, "note">,
  place: ItemPlace,
  job: FetchedJob,
  envelope: Envelope,
  { end, error, note }: JobVerdict,
): Promise<JobEnd> {
  const clients = envelope.items.map(({ n }) => new ItemReporter(envelope, n, job, place));
  if (error !== undefined) await Promise.all(clients.map((one) => one.neverRan(error, false)));
  else if (note !== undefined) {
    await Promise.all([link.note(job.id, note), ...clients.map((one) => one.requeued("moved"))]);
  }
  return end;
}
