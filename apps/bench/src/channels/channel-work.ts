import { count } from "../format.ts";
import { type Cost, cpuPerTask, measure, perSecond } from "../measure.ts";
import { verify } from "../mismatch-error.ts";
import { messagesPerSecond } from "../unit.ts";
import type { Attempt, Entry, Readings, Work } from "../work.ts";
import { type ChannelJob, sumOf } from "./channel-job.ts";
import type { ChannelSubject } from "./channel-subject.ts";
import { goEntry } from "./go/go-entry.ts";

/** For so many milliseconds, and so often, everybody does a work before it counts. */
const warmLength = 500;
const mostWarm = 6;

/** Messages that everybody hands from coroutine to coroutine in the same way. */
export function channelWork(
  name: string,
  title: string,
  job: ChannelJob,
  subjects: readonly ChannelSubject[],
): Work {
  const readings = (cost: Cost, sum: number, note?: string): Readings => {
    verify("the sum of what was received", sumOf(job), sum);
    const value = perSecond(cost, job.messages);
    return { [name]: { value, cpuPerTask: cpuPerTask(cost, job.messages), note } };
  };
  const entries = subjects.map((subject) => entryOf(subject, job, readings));
  return {
    name,
    title: `${count(job.messages)} messages, ${title}`,
    rows: [{ name, unit: messagesPerSecond }],
    entries: [...entries, goEntry(job, (answer) => readings(answer, answer.sum))],
  };
}

function entryOf(
  subject: ChannelSubject,
  job: ChannelJob,
  readings: (cost: Cost, sum: number, note?: string) => Readings,
): Entry {
  const small = { ...job, messages: Math.min(job.messages, 1_600) };
  return {
    subject: subject.name,
    async open(): Promise<Attempt> {
      const refusal = subject.refusal?.(job);
      if (refusal !== undefined) throw new Error(refusal);
      return {
        async warmUp() {
          const end = performance.now() + warmLength;
          for (let times = 0; times < mostWarm && performance.now() < end; times++) {
            await subject.run(job);
          }
        },
        async round() {
          const { value, ...cost } = await measure(
            () => subject.run(job),
            () => subject.run(small),
          );
          return readings(cost, value, subject.note?.(job));
        },
        close: async () => {},
      };
    },
  };
}
