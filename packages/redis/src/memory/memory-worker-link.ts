import type { OwnDesk } from "@quintet/core/kit";
import type { MemoryHub } from "./memory-hub.ts";
import type { MemoryJob } from "./memory-job.ts";
import type { MemoryConsumer } from "./memory-queue.ts";
import { nextTurn } from "./next-turn.ts";
import type { Control, WorkerCard } from "../transport/protocol.ts";
import { UnreachableError } from "../queue-errors.ts";
import type { FetchedJob, JobEnd, OutgoingJob, WorkerLink } from "../transport/transport.ts";

type Handle = (job: FetchedJob) => Promise<JobEnd>;

/** A worker's way to a queue in memory. */
export class MemoryWorkerLink implements WorkerLink, MemoryConsumer {
  readonly #hub: MemoryHub;
  readonly #name: string;
  readonly #running = new Set<MemoryJob>();
  #concurrency = 0;
  #handle: Handle | undefined;
  #listener: ((control: Control) => void) | undefined;
  #card: string | undefined;
  #desk: OwnDesk | undefined;
  #stopped: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(hub: MemoryHub, name: string) {
    this.#hub = hub;
    this.#name = name;
  }

  async consume(concurrency: number, handle: Handle): Promise<void> {
    this.#concurrency = concurrency;
    this.#handle = handle;
    if (!this.#stopped) this.#hub.jobs.join(this);
  }

  get hasRoom(): boolean {
    return this.#running.size < this.#concurrency;
  }

  take(job: MemoryJob): void {
    this.#running.add(job);
    void this.#run(job);
  }

  async #run(job: MemoryJob): Promise<void> {
    const end = await this.#ending(job);
    // Somebody else may have it, since this worker was closed.
    if (!this.#running.delete(job)) return;
    this.#hub.jobs.finish(job, end);
    if (this.#running.size === 0) this.#stopped?.resolve();
  }

  async #ending(job: MemoryJob): Promise<JobEnd> {
    try {
      return await (this.#handle as Handle)(job.fetched);
    } catch (error) {
      return { type: "dead", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  stop(): Promise<void> {
    const stopped = (this.#stopped ??= Promise.withResolvers());
    this.#hub.jobs.leave(this);
    if (this.#running.size === 0) stopped.resolve();
    return stopped.promise;
  }

  async send(to: string, frames: string): Promise<void> {
    await this.#turn();
    this.#hub.results.send(to, this.#name, frames);
  }

  async keep(job: string, result: Parameters<WorkerLink["keep"]>[1]): Promise<void> {
    await this.#turn();
    this.#hub.results.keep(job, this.#name, result);
  }

  async has(job: string): Promise<boolean> {
    return this.#hub.results.has(job);
  }

  onControl(listener: (control: Control) => void): void {
    this.#listener = listener;
    this.#hub.listeners.add(listener);
  }

  async push(jobs: readonly OutgoingJob[]): Promise<undefined[]> {
    await this.#turn();
    for (const job of jobs) this.#hub.jobs.add(job);
    return jobs.map(() => undefined);
  }

  async withdrawn(job: string): Promise<readonly number[]> {
    return [...(this.#hub.jobs.get(job)?.withdrawn ?? [])];
  }

  async cancelled(tasks: readonly { to: string; n: number }[]): Promise<readonly unknown[]> {
    return tasks.map(({ to, n }) => this.#hub.cancelled(to, n));
  }

  async alone(id: string): Promise<void> {
    const job = this.#hub.jobs.get(id);
    if (job) job.lossesAlone++;
  }

  async lossesAlone(job: string): Promise<number> {
    return this.#hub.jobs.get(job)?.lossesAlone ?? 0;
  }

  async dependencies(): Promise<[]> {
    return [];
  }

  async timesAside(id: string): Promise<number> {
    return this.#hub.jobs.get(id)?.timesAside ?? 0;
  }

  /** Nobody could read it. */
  async note(): Promise<void> {}

  openDesk(maxValue: number): OwnDesk {
    this.#desk = this.#hub.openDesk(maxValue);
    return this.#desk;
  }

  async workers(): Promise<WorkerCard[]> {
    return [...this.#hub.workers.values()];
  }

  async beat(card: WorkerCard): Promise<void> {
    if (this.#closed) return;
    this.#card = card.id;
    this.#hub.workers.set(card.id, card);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#desk?.close(new UnreachableError(`The worker ${this.#name} was closed.`));
    if (this.#card !== undefined) this.#hub.workers.delete(this.#card);
    if (this.#listener) this.#hub.listeners.delete(this.#listener);
    void this.stop();
    for (const job of this.#running) this.#hub.jobs.lose(job);
    this.#running.clear();
    this.#stopped?.resolve();
  }

  /** *Errors*: `UNREACHABLE` once it is closed: others may have its jobs. */
  async #turn(): Promise<void> {
    if (!this.#closed) await nextTurn();
    if (this.#closed) throw new UnreachableError(`The worker ${this.#name} was closed.`);
  }
}
