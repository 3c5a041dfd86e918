import { isQuintetError } from "@quintet/core";
import type { Clock, Timer } from "@quintet/core/kit";
import { afterBusy } from "./after-busy.ts";
import { type Chunk, type Pace, probeTime } from "./pace.ts";
import { priorityLevel } from "./priority-level.ts";
import { UnreachableError } from "../queue-errors.ts";
import type { SentRun } from "./sent-run.ts";
import type { ClientLink, OutgoingJob } from "../transport/transport.ts";

/** Milliseconds to wait for more, while the workers have enough to do. */
const gatherTime = 2;

/** Jobs that are sent in one go. */
const mostJobs = 500;

/** What an outbox has to know of its client. */
export interface OutboxOptions {
  readonly client: string;
  readonly queue: string;
  /** Milliseconds a task may wait until Redis has it. */
  readonly sendTimeout: number;
}

/** Gathers what is sent in one turn of the event loop, and sends it in one go. */
export class Outbox {
  readonly #link: ClientLink;
  readonly #clock: Clock;
  readonly #options: OutboxOptions;
  readonly #fail: (sent: SentRun, error: unknown) => void;
  readonly #waiting = new Set<SentRun>();
  /** Jobs on their way, until Redis has answered. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #pace: Pace;
  #due = false;
  /** Ends the wait for a first measurement. */
  #probe: Timer | undefined;

  constructor(
    link: ClientLink,
    clock: Clock,
    options: OutboxOptions,
    pace: Pace,
    fail: (sent: SentRun, error: unknown) => void,
  ) {
    this.#pace = pace;
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#fail = fail;
  }

  add(sent: SentRun): void {
    this.#waiting.add(sent);
    if (this.#due) return;
    this.#due = true;
    if (this.#pace.isBusy) this.#clock.after(gatherTime, () => this.#flush());
    else queueMicrotask(() => this.#flush());
  }

  /** How many wait to be sent. */
  get size(): number {
    return this.#waiting.size;
  }

  /** It is known how long a task takes: what waits for that can be sent. */
  measured(): void {
    if (this.#probe) this.#sendHeld();
  }

  /** Takes one out that was not sent yet. */
  remove(sent: SentRun): boolean {
    return this.#waiting.delete(sent);
  }

  /** Resolves when Redis has answered for a job. */
  async arrived(job: string): Promise<void> {
    await this.#underWay.get(job);
  }

  #flush(isProbed: boolean = false): void {
    this.#due = false;
    if (this.#probe && !isProbed) return;
    const { groups, held } = this.#pace.chunks([...this.#waiting], isProbed);
    this.#waiting.clear();
    for (const sent of held) this.#waiting.add(sent);
    if (held.length > 0) this.#probe = this.#clock.after(probeTime, () => this.#sendHeld());
    if (groups.length === 0) return;
    const now = this.#clock.now();
    const jobs = groups.map((group) => this.#job(group, now));
    const pushed = this.#push(groups, jobs);
    for (const { id } of jobs) this.#underWay.set(id, pushed);
  }

  #sendHeld(): void {
    this.#probe?.cancel();
    this.#probe = undefined;
    this.#flush(true);
  }

  #job(group: Chunk, now: number): OutgoingJob {
    const [first] = group;
    const id = first.jobId ?? `${this.#options.client}-${first.run.number.toString(36)}`;
    for (const sent of group) {
      sent.job = id;
      sent.shares = group.length;
      sent.sent = now;
    }
    const items = group.map(({ item }) => item);
    const envelope = { ...first.terms, at: this.#clock.date(), items };
    return { id, envelope, level: priorityLevel(first.run.priority), delay: first.delay };
  }

  /** Never rejects: what was not taken fails its tasks. Each part has its time; after one that was late, none has any. */
  async #push(groups: readonly Chunk[], jobs: readonly OutgoingJob[]): Promise<void> {
    for (let first = 0; first < jobs.length; first += mostJobs) {
      const part = groups.slice(first, first + mostJobs);
      const isInTime = await this.#pushPart(part, jobs.slice(first, first + mostJobs), () =>
        this.#failLate(groups.slice(first).flat()),
      );
      if (!isInTime) break;
    }
    for (const { id } of jobs) this.#underWay.delete(id);
  }

  async #pushPart(
    groups: readonly Chunk[],
    jobs: readonly OutgoingJob[],
    onLate: () => void,
  ): Promise<boolean> {
    let isLate = false;
    const timer = afterBusy(this.#clock, this.#options.sendTimeout, () => {
      isLate = true;
      onLate();
    });
    try {
      const errors = await this.#link.push(jobs);
      if (isLate) await this.#takeBack(jobs);
      for (const [index, cause] of errors.entries()) {
        if (cause) this.#failAll(groups[index] ?? [], cause);
        else groups[index]?.[0].arrival?.resolve(true);
      }
    } catch (cause) {
      this.#failAll(groups.flat(), cause);
    } finally {
      timer.cancel();
    }
    return !isLate;
  }

  #failLate(sent: readonly SentRun[]): void {
    const { queue, sendTimeout } = this.#options;
    const { trouble: cause } = this.#link;
    const why = cause ? `: ${cause.message}` : "; is it up?";
    const message = `Redis has not taken a task for the queue ${queue} within ${sendTimeout} ms (sendTimeout)${why}`;
    for (const one of sent) this.#fail(one, new UnreachableError(message, cause && { cause }));
  }

  /** Their callers were told that Redis does not have them. */
  async #takeBack(jobs: readonly OutgoingJob[]): Promise<void> {
    await Promise.all(jobs.map(({ id }) => this.#link.remove(id)));
  }

  #failAll(group: readonly SentRun[], cause: unknown): void {
    const why = cause instanceof Error ? cause.message : "";
    for (const sent of group) {
      if (isQuintetError(cause)) {
        this.#fail(sent, cause);
        continue;
      }
      const message = `Redis has not taken ${sent.run.taskId} for the queue ${this.#options.queue}: ${why}`;
      this.#fail(sent, new UnreachableError(message, { cause }));
    }
  }
}
