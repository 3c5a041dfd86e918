import { NotSupportedError } from "@quintet/core";
import type { OwnDesk } from "@quintet/core/kit";
import { type Attachment, frameOf } from "../transport/kept-results.ts";
import type { MemoryHub } from "./memory-hub.ts";
import { nextTurn } from "./next-turn.ts";
import { ProcessHold } from "./process-hold.ts";
import type { Control, Envelope, Frame, WorkerCard } from "../transport/protocol.ts";
import type { Repeat } from "../client/repeat.ts";
import type {
  ClientLink,
  ClientListener,
  FoundJob,
  JobLook,
  OutgoingJob,
} from "../transport/transport.ts";

/**
 * A client's way to a queue in memory. As over a network, what it is asked takes a turn of the event loop at least, and
 * its listener is called in one of its own.
 */
export class MemoryClientLink implements ClientLink {
  readonly #hub: MemoryHub;
  readonly #client: string;
  readonly #hold = new ProcessHold();
  readonly #inbox: (() => void)[] = [];
  #listener: ClientListener | undefined;
  #expected = false;
  #questions = 0;

  constructor(hub: MemoryHub, client: string) {
    this.#hub = hub;
    this.#client = client;
  }

  listen(listener: ClientListener): void {
    this.#listener = listener;
    this.#hub.results.open(this.#client, (worker, frames) => this.#receive(worker, frames));
  }

  async push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]> {
    await nextTurn();
    return jobs.map((job) => {
      if (job.envelope.after) {
        return new NotSupportedError(
          "An in-memory queue knows no dependsOn: await the other tasks first, or use Redis.",
        );
      }
      if (!this.#attach(job)) this.#hub.jobs.add(job);
      return undefined;
    });
  }

  /** Joins those who wait for a job that others may have sent; true when its result was there. */
  #attach({ id, envelope }: OutgoingJob): boolean {
    // Who only sends it was told whether it is there, and waits for nothing.
    if (envelope.keep === undefined || envelope.to === null) return false;
    const number = envelope.items[0]?.n ?? 0;
    const kept = this.#hub.results.attach(id, { client: this.#client, number });
    // A dead letter would keep out all that are sent under its id.
    if (!kept && this.#hub.jobs.get(id)?.state === "dead") this.#hub.jobs.remove(id);
    const task = this.#hub.jobs.get(id)?.task;
    if (task !== undefined || kept) this.#listener?.deduped(number, task ?? envelope.task);
    if (kept) this.#receive(kept.worker, [frameOf(kept, number)]);
    return kept !== undefined;
  }

  #receive(worker: string, frames: readonly Frame[]): void {
    this.#inbox.push(() => this.#listener?.frames(worker, frames, 0));
    if (this.#inbox.length === 1) setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    for (const give of this.#inbox.splice(0)) give();
  }

  async remove(job: string): Promise<boolean> {
    await nextTurn();
    return this.#hub.jobs.remove(job);
  }

  async withdraw(job: string, control: Control & { type: "cancel" }): Promise<void> {
    await nextTurn();
    this.#hub.jobs.get(job)?.withdrawn.add(control.n);
    this.#hub.tell(control);
  }

  async tell(control: Control): Promise<void> {
    await nextTurn();
    this.#hub.tell(control);
  }

  async tellCancelled(job: string, envelope: Envelope, reason: unknown): Promise<void> {
    await nextTurn();
    const { to, keep, items } = envelope;
    const { results } = this.#hub;
    const rest = `null,${JSON.stringify(reason)}`;
    if (keep !== undefined) results.keep(job, "", { kind: "c", rest, milliseconds: keep });
    else if (to !== null) {
      results.send(to, "", `[${items.map(({ n }) => `["c",${n},${rest}]`).join(",")}]`);
    }
  }

  async look(jobs: readonly string[]): Promise<JobLook[]> {
    await nextTurn();
    return jobs.map((job) => this.#hub.jobs.look(job));
  }

  async workers(): Promise<WorkerCard[]> {
    await nextTurn();
    return [...this.#hub.workers.values()];
  }

  async leave(job: string, _task: string, number: number, always: boolean): Promise<number> {
    await nextTurn();
    return this.#hub.results.leave(job, { client: this.#client, number }, always);
  }

  async kept(job: string): Promise<Attachment> {
    await this.during(nextTurn);
    const { results, jobs } = this.#hub;
    // Nobody joins before its job is there: both are one step.
    return { kept: results.attach(job), task: jobs.get(job)?.task, expected: undefined };
  }

  async find(job: string): Promise<FoundJob | undefined> {
    await this.during(nextTurn);
    return this.#hub.jobs.get(job)?.found;
  }

  async repeat(id: string, when: Repeat, envelope: Envelope, level: number): Promise<void> {
    await nextTurn();
    this.#hub.repeats.set(id, when, envelope, level);
  }

  async stopRepeating(id: string): Promise<boolean> {
    await nextTurn();
    return this.#hub.repeats.delete(id);
  }

  openDesk(maxValue: number): OwnDesk {
    return this.#hub.openDesk(maxValue);
  }

  async during<T>(question: () => Promise<T>): Promise<T> {
    this.#questions++;
    this.#holdOn();
    try {
      return await question();
    } finally {
      this.#questions--;
      this.#holdOn();
    }
  }

  expect(results: boolean): void {
    this.#expected = results;
    this.#holdOn();
  }

  #holdOn(): void {
    this.#hold.set(this.#expected || this.#questions > 0);
  }

  async close(): Promise<void> {
    this.#hub.results.close(this.#client);
    this.expect(false);
    await nextTurn();
  }
}
