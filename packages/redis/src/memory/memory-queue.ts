import { type Clock, systemClock, WaitLine } from "@quintet/core/kit";
import { MemoryJob } from "./memory-job.ts";
import { ProcessHold } from "./process-hold.ts";
import type { JobEnd, JobLook, OutgoingJob } from "../transport/transport.ts";

/** How many jobs that failed are kept. */
const mostDead = 10_000;

/** Who fetches jobs. */
export interface MemoryConsumer {
  /** Whether it takes one more. */
  readonly hasRoom: boolean;
  take(job: MemoryJob): void;
}

/**
 * The jobs of a queue in memory. Whoever joins is handed them in turn, by their level, first come first within one, and never
 * in the turn of the event loop in which they came: as over a network, nobody is called back by what they call.
 */
export class MemoryQueue {
  readonly #clock: Clock;
  readonly #jobs = new Map<string, MemoryJob>();
  readonly #waiting = new WaitLine<MemoryJob>();
  readonly #dead = new Set<MemoryJob>();
  /** In the order in which they get the next job. */
  readonly #consumers = new Set<MemoryConsumer>();
  readonly #hold: ProcessHold;
  #running = 0;
  #isDue = false;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#hold = new ProcessHold(clock);
  }

  /** Adds a job; one of an id that is there changes nothing. */
  add(outgoing: OutgoingJob, onTaken?: () => void): void {
    if (this.#jobs.has(outgoing.id)) return;
    const job = new MemoryJob(outgoing, onTaken);
    this.#jobs.set(job.id, job);
    if (outgoing.delay > 0) this.#delay(job, outgoing.delay);
    else this.#wait(job);
  }

  get(id: string): MemoryJob | undefined {
    return this.#jobs.get(id);
  }

  /** False when a worker has it. */
  remove(id: string): boolean {
    const job = this.#jobs.get(id);
    if (job?.state === "running") return false;
    if (job) this.#forget(job);
    return true;
  }

  look(id: string): JobLook {
    const job = this.#jobs.get(id);
    if (!job) return "gone";
    return job.state === "dead" ? { failed: job.reason } : "there";
  }

  join(consumer: MemoryConsumer): void {
    this.#consumers.add(consumer);
    this.wake();
  }

  leave(consumer: MemoryConsumer): void {
    this.#consumers.delete(consumer);
    this.#holdOn();
  }

  /** A job has come, or somebody has room for one. */
  wake(): void {
    this.#holdOn();
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#handOut();
    });
  }

  /** A worker is done with a job that it has taken. */
  finish(job: MemoryJob, end: JobEnd): void {
    this.#running--;
    job.lossesAlone = 0;
    if (end.type === "done") this.#forget(job);
    else if (end.type === "dead") this.#bury(job, end.reason);
    else {
      if (end.envelope) job.replace(end.envelope);
      if (end.aside) job.timesAside++;
      if (end.delay > 0) this.#delay(job, end.delay);
      else this.#waitFirst(job);
    }
    this.wake();
  }

  /** A worker that had taken a job is gone: another one gets it. */
  lose(job: MemoryJob): void {
    this.#running--;
    job.losses++;
    this.#waitFirst(job);
  }

  #handOut(): void {
    for (let job = this.#waiting.first; job; job = this.#waiting.first) {
      const consumer = this.#nextConsumer();
      if (!consumer) return;
      this.#waiting.leave(job);
      job.state = "running";
      job.deliveries++;
      this.#running++;
      consumer.take(job);
      job.onTaken?.();
    }
  }

  #nextConsumer(): MemoryConsumer | undefined {
    for (const consumer of this.#consumers) {
      if (!consumer.hasRoom) continue;
      // The others come first next time.
      this.#consumers.delete(consumer);
      this.#consumers.add(consumer);
      return consumer;
    }
    return undefined;
  }

  #wait(job: MemoryJob): void {
    job.state = "queued";
    this.#waiting.join(job, -job.rank);
    this.wake();
  }

  /** Before those of its level that it stood before already. */
  #waitFirst(job: MemoryJob): void {
    job.state = "queued";
    this.#waiting.rejoin(job, -job.rank);
    this.wake();
  }

  #delay(job: MemoryJob, delay: number): void {
    job.state = "delayed";
    job.timer = this.#clock.after(delay, () => this.#wait(job), { background: true });
    this.#holdOn();
  }

  #bury(job: MemoryJob, reason: string): void {
    job.state = "dead";
    job.reason = reason;
    this.#dead.add(job);
    if (this.#dead.size <= mostDead) return;
    for (const oldest of this.#dead) return this.#forget(oldest);
  }

  #forget(job: MemoryJob): void {
    this.#jobs.delete(job.id);
    this.#dead.delete(job);
    this.#waiting.leave(job);
    job.timer?.cancel();
    this.#holdOn();
  }

  /** A worker that has something to do, now or later, keeps the process alive. */
  #holdOn(): void {
    const isServed = this.#consumers.size > 0 && this.#jobs.size > this.#dead.size;
    this.#hold.set(this.#running > 0 || isServed);
  }
}
