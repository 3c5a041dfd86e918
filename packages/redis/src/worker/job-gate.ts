import type { Task } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { decodeError } from "../values/decode-value.ts";
import type { DependencyState } from "../transport/dependencies.ts";
import { tooLate } from "./item-terms.ts";
import { type JobVerdict, newerTask, unknownTask } from "./job-verdicts.ts";
import type { Envelope, WorkerCard } from "../transport/protocol.ts";
import { DependencyError } from "../queue-errors.ts";
import type { FetchedJob, JobEnd, WorkerLink } from "../transport/transport.ts";

/** Milliseconds until a job is looked at again whose dependencies have not ended: their ends bring it back before. */
const lookAgain = (times: number): number => Math.min(1_000 * 2 ** times, 30_000);

/** How long something that is not there may be on its way still. */
const lateness = 500;

/** Milliseconds for which it is taken as known who serves the queue. */
const askAgain = 1_000;

/** What a gate has to know of its worker. */
export interface JobGateOptions {
  readonly link: Pick<WorkerLink, "dependencies" | "timesAside" | "cancelled" | "workers">;
  readonly tasks: ReadonlyMap<string, Task<unknown, unknown>>;
  readonly worker: string;
}

/** Decides whether a job may run on this worker now. */
export class JobGate {
  readonly #options: JobGateOptions;
  #cards: Promise<readonly WorkerCard[]> = Promise.resolve([]);
  #asked = Number.NEGATIVE_INFINITY;

  constructor(options: JobGateOptions) {
    this.#options = options;
  }

  /** The task to run; or what becomes of the job instead. */
  async enter(job: FetchedJob, envelope: Envelope): Promise<Task<unknown, unknown> | JobVerdict> {
    const { tasks, link, worker } = this.#options;
    const held = await this.#hold(job, envelope);
    if (held) return held;
    const task = tasks.get(envelope.task);
    if (!task) {
      return unknownTask(job, envelope, [...tasks.keys()], await link.timesAside(job.id));
    }
    const { version = 1 } = task;
    if ((envelope.version ?? 1) <= version || tooLate(envelope)) return task;
    const times = await link.timesAside(job.id);
    if (times > 0 && (await this.#isCancelled(envelope))) return task;
    const isNear = await this.#isNear(envelope);
    return newerTask(envelope, { here: version, worker, isNear }, times);
  }

  /** Whether a worker that lives has the version that a job needs. */
  async #isNear({ task, version = 1 }: Envelope): Promise<boolean> {
    const now = systemClock.now();
    if (now - this.#asked >= askAgain) {
      this.#asked = now;
      this.#cards = this.#options.link.workers();
    }
    const cards = await this.#cards;
    return cards.some(({ versions }) => (versions?.[task] ?? 1) >= version);
  }

  /** What becomes of a job that waits for others; nothing where it may start, or is not to start at all. */
  async #hold(job: FetchedJob, envelope: Envelope): Promise<JobVerdict | undefined> {
    const { after = [], anyway = false } = envelope;
    const { link } = this.#options;
    if (after.length === 0 || tooLate(envelope)) return undefined;
    const states = await link.dependencies(job.id, envelope);
    const times = await link.timesAside(job.id);
    const failed = states.findIndex(({ state }) => state === "failed" || state === "dead");
    if (failed !== -1 && !anyway) return failure(envelope, after[failed] ?? "", states[failed]);
    const missing = states.findIndex(({ state }) => state === "unknown");
    const isLate = missing !== -1 && times === 0;
    if (missing !== -1 && !isLate && !anyway) {
      return failure(envelope, after[missing] ?? "", states[missing]);
    }
    if (!isLate && !states.some(({ state }) => state === "pending")) return undefined;
    if (times > 0 && (await this.#isCancelled(envelope))) return undefined;
    const delay = isLate ? lateness : lookAgain(times);
    return { end: { type: "back", delay, aside: "dependencies" }, error: undefined };
  }

  /** It need not wait on then: where tasks run, it is found cancelled, and its end is told. */
  async #isCancelled({ to, items }: Envelope): Promise<boolean> {
    const [only] = items;
    if (to === null || !only || items.length > 1) return false;
    const [reason] = await this.#options.link.cancelled([{ to, n: only.n }]);
    return reason !== undefined;
  }
}

function failure(
  { task, to, keep }: Envelope,
  id: string,
  state: DependencyState | undefined,
): JobVerdict {
  const { why, cause } = described(state);
  const message = `${task} was not run: ${JSON.stringify(id)}, which it depends on, ${why}.`;
  const error = new DependencyError(message, id, cause === undefined ? undefined : { cause });
  const isHeard = to !== null || keep !== undefined;
  const end: JobEnd = isHeard ? { type: "done" } : { type: "dead", reason: message };
  return { end, error };
}

function described(state: DependencyState | undefined): { why: string; cause?: unknown } {
  if (state?.state === "dead") return { why: `is among the dead letters (${state.reason})` };
  if (state?.state !== "failed") {
    return {
      why: "is unknown: it was never sent under this id, was taken out of the queue, or its result is kept no longer",
    };
  }
  const [kind, , value] = state.kept.frame;
  const why = kind === "c" ? "was cancelled" : "has failed";
  try {
    return { why, cause: decodeError(value, state.kept.worker) };
  } catch (cause) {
    return { why, cause };
  }
}
