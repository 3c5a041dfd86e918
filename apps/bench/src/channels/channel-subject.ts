import type { Subject } from "../subject.ts";
import type { ChannelJob } from "./channel-job.ts";

/** Somebody with channels. */
export interface ChannelSubject extends Subject {
  /** Does the job, and gives the sum of what was received. */
  readonly run: (job: ChannelJob) => Promise<number>;
  /** Why it cannot do a job. */
  readonly refusal?: (job: ChannelJob) => string | undefined;
  /** What is different for it. */
  readonly note?: (job: ChannelJob) => string | undefined;
}
