import type { OwnDesk } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { bullQueue, type BullQueue } from "./bull.ts";
import { type Connection, connect, lastly } from "./connection.ts";
import { tellCancelled, tellWorkers, withdrawTask } from "./controls.ts";
import { Dependencies } from "./dependencies.ts";
import { findJob, removeDead, repeatJob } from "./bull-jobs.ts";
import { type Attachment, frameOf, KeptResults, type Waiter } from "./kept-results.ts";
import type { Control, Envelope, WorkerCard } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";
import { isSettled, type Known, numberOf, senderOf } from "./known-job.ts";
import { lookAtJobs } from "./look-at-jobs.ts";
import { pushJobs } from "./push-jobs.ts";
import { Questions } from "./questions.ts";
import { LateDesk } from "../names/late-desk.ts";
import { isRefusal } from "./refusal.ts";
import { RedisTime } from "./redis-time.ts";
import type { Repeat } from "../client/repeat.ts";
import { ResultReader } from "./result-reader.ts";
import { SocketHold } from "./socket-hold.ts";
import { workerCards } from "./worker-cards.ts";
import type { ClientLink, ClientListener, FoundJob, JobLook, OutgoingJob } from "./transport.ts";

/** A client's way to a queue in Redis: two connections, one of which waits for results. */
export class RedisClientLink implements ClientLink {
  readonly #keys: QueueKeys;
  readonly #client: string;
  readonly #commands: Redis;
  readonly #blocking: Redis;
  readonly #queue: BullQueue;
  readonly #kept: KeptResults;
  readonly #dependencies: Dependencies;
  readonly #hold: SocketHold;
  readonly #reader: ResultReader;
  readonly #time = new RedisTime();
  #listener: ClientListener | undefined;
  #expected = false;
  #desk: LateDesk | undefined;
  readonly #connection: Connection;
  readonly #questions: Questions;
  readonly #patience: number;
  #closed: Promise<void> | undefined;
  /** Why there is no connection, if there is none. */
  trouble: Error | undefined;

  /** `patience`: how long a question may wait for its answer, in milliseconds. */
  constructor(keys: QueueKeys, client: string, connection: Connection, patience: number) {
    this.#patience = patience;
    this.#questions = new Questions(patience, this, () => this.#holdOn());
    this.#keys = keys;
    this.#client = client;
    this.#connection = connection;
    const onError = this.#onError;
    this.#commands = connect(connection, onError);
    this.#blocking = connect(connection, onError);
    this.#hold = new SocketHold(this.#commands, this.#blocking);
    this.#hold.set(false);
    this.#commands.on("ready", () => (this.trouble = undefined));
    this.#commands.on("close", () => (this.trouble ??= new Error("The connection was closed.")));
    this.#queue = bullQueue(keys, this.#commands, onError);
    this.#kept = new KeptResults(this.#commands, keys);
    this.#dependencies = new Dependencies(this.#commands, keys, this.#queue);
    this.#reader = new ResultReader(
      keys.results(client),
      { blocking: this.#blocking, commands: this.#commands },
      (worker, frames, length) => this.#listener?.frames(worker, frames, length),
      () => this.#listener?.gap(),
      onError,
    );
  }

  readonly #onError = (error: Error): void => {
    this.trouble = error;
    if (isRefusal(error)) this.#refuse(error);
  };

  listen(listener: ClientListener): void {
    this.#listener = listener;
  }

  async push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]> {
    await Promise.all([this.#reader.ensure(), this.#time.measure(this.#commands)]);
    const known = await Promise.all(jobs.map((job) => this.#attach(job)));
    const loops = await Promise.all(jobs.map((job, index) => this.#register(job, known[index])));
    const errors = await pushJobs(
      this.#queue,
      jobs
        .filter((_, index) => !isSettled(known[index]) && !loops[index])
        .map((job) => ({ ...job, envelope: this.#time.sent(job.envelope) })),
    );
    await Promise.all(jobs.map((job, index) => this.#findSender(job, known[index] ?? "new")));
    return known.map((state, index) =>
      isSettled(state) ? undefined : (loops[index] ?? errors.shift()),
    );
  }

  /** Joins those who wait for a job that others may have sent. */
  async #attach({ id, envelope }: OutgoingJob): Promise<Known> {
    // Who only sends it was told whether it is there, and waits for nothing.
    if (envelope.keep === undefined || envelope.to === null) return "new";
    const waiter = this.#waiter(envelope.task, numberOf(envelope));
    const { kept, task: found, expected } = await this.#kept.attach(id, waiter);
    const isRefound = found !== undefined && (kept || !(await removeDead(this.#queue, id)));
    const task = isRefound ? found : undefined;
    if (task !== undefined || kept) {
      this.#listener?.deduped(waiter.number, task ?? envelope.task);
    }
    if (kept) this.#listener?.frames(kept.worker, [frameOf(kept, waiter.number)], 0);
    if (kept) return "kept";
    if (task !== undefined) return "there";
    if (expected === undefined || expected === envelope.task) return expected ? "contended" : "new";
    await this.#kept.leave(id, waiter, true);
    this.#listener?.deduped(waiter.number, expected);
    return "taken";
  }

  /** Notes what a job waits for; gives an error where it cannot. */
  async #register(
    { id, envelope }: OutgoingJob,
    known: Known | undefined,
  ): Promise<Error | undefined> {
    if (isSettled(known)) return undefined;
    const error = await this.#dependencies.register(id, envelope);
    if (error && envelope.keep !== undefined) {
      await this.leave(id, envelope.task, numberOf(envelope), true);
    }
    return error;
  }

  /** Of those who send the same at the same time one has sent it: whose number is in the job. */
  async #findSender({ id, envelope }: OutgoingJob, known: Known): Promise<void> {
    if (envelope.keep === undefined || envelope.to === null) return;
    if (known !== "new" && known !== "contended") return;
    // Others may have come while it was on its way.
    if (known === "new" && !(await this.#kept.isContended(id))) return;
    const sender = await senderOf(this.#commands, this.#keys.job(id));
    const number = numberOf(envelope);
    if (sender?.client !== this.#client || sender.number !== number)
      this.#listener?.deduped(number, envelope.task);
  }

  #waiter(task: string, number: number): Waiter {
    return { client: this.#client, number, task };
  }

  leave(job: string, task: string, number: number, always: boolean): Promise<number> {
    return this.#kept.leave(job, this.#waiter(task, number), always);
  }

  async remove(job: string): Promise<boolean> {
    if ((await this.#queue.remove(job)) !== 1) return false;
    await Promise.all([this.#dependencies.forget(job), this.#dependencies.wake(job, true)]);
    return true;
  }

  withdraw(job: string, control: Control & { type: "cancel" }): Promise<void> {
    return withdrawTask(this.#commands, this.#keys, job, control);
  }

  tell(control: Control): Promise<void> {
    return tellWorkers(this.#commands, this.#keys, control);
  }

  tellCancelled(job: string, envelope: Envelope, reason: unknown): Promise<void> {
    const paths = { redis: this.#commands, keys: this.#keys, kept: this.#kept };
    return tellCancelled({ ...paths, dependencies: this.#dependencies }, job, envelope, reason);
  }

  look(jobs: readonly string[]): Promise<JobLook[]> {
    return lookAtJobs(this.#commands, this.#keys, jobs);
  }

  workers(): Promise<WorkerCard[]> {
    return workerCards(this.#commands, this.#keys).catch((error: unknown) => {
      // Who may not know of workers would wait for ever where there are none.
      if (isRefusal(error)) this.#refuse(error as Error);
      throw error;
    });
  }

  kept(job: string): Promise<Attachment> {
    return this.during(() => this.#kept.attach(job));
  }

  find(job: string): Promise<FoundJob | undefined> {
    return this.during(() => findJob(this.#queue, job));
  }

  repeat(id: string, when: Repeat, envelope: Envelope, level: number): Promise<void> {
    return repeatJob(this.#queue, id, when, envelope, level);
  }

  stopRepeating(id: string): Promise<boolean> {
    return this.#queue.removeJobScheduler(id);
  }

  openDesk(maxValue: number): OwnDesk {
    this.#desk = new LateDesk(this.#keys.names, this.#commands, this.#connection, {
      patience: this.#patience,
      maxValue,
      onError: this.#onError,
      onBusy: () => this.#holdOn(),
    });
    return this.#desk;
  }

  during<T>(question: () => Promise<T>): Promise<T> {
    return this.#questions.during(question);
  }

  /** Nobody gets an answer any more. */
  #refuse(cause: Error): void {
    this.#questions.refuse(cause);
    this.#desk?.refused(cause);
    this.#listener?.refused(cause);
  }

  expect(results: boolean): void {
    this.#expected = results;
    this.#holdOn();
    this.#reader.want(results);
  }

  #holdOn(): void {
    this.#hold.set(
      this.#expected ||
        this.#desk?.isBusy ||
        this.#questions.size > 0 ||
        this.#closed !== undefined,
    );
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#reader.close();
    // Nothing is waited for any more, but that this is done.
    this.#hold.set(true);
    const isUp = this.#commands.status === "ready";
    await lastly([this.#blocking, this.#commands], async () => {
      // Workers that still send to it then know that nobody is there.
      if (isUp) await this.#desk?.gone;
      if (isUp) await this.#commands.del(this.#keys.results(this.#client)).catch(() => {});
      await this.#queue.close().catch(() => {});
    });
  }
}
