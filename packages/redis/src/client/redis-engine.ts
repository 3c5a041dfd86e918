import { InvalidOptionError, type RunOptions, type Traits } from "@quintet/core";
import {
  checkTask,
  type Engine,
  type EngineHost,
  type MapMore,
  type OwnDesk,
  type Rules,
  type Runnable,
  type TaskRun,
} from "@quintet/core/kit";
import { cancelSent } from "./cancel-sent.ts";
import { ClientFrames } from "./client-frames.ts";
import { Outbox } from "./outbox.ts";
import type { Frame } from "../transport/protocol.ts";
import { Pace } from "./pace.ts";
import { checkSendable, prepareRun } from "./prepare-run.ts";
import { queueMap } from "./queue-map-options.ts";
import { queueRules, type QueueRunOptions } from "./queue-run-options.ts";
import { StartTimeoutError, UnreachableError } from "../queue-errors.ts";
import type { SentRun } from "./sent-run.ts";
import type { ClientLink, ClientListener } from "../transport/transport.ts";
import { isTelemetrySetUp } from "../trace-context.ts";
import { Watch } from "./watch.ts";

/** What the engine is told. All durations are milliseconds. */
export interface RedisEngineOptions {
  readonly client: string;
  readonly queue: string;
  /** How long a task may wait until Redis has it. */
  readonly sendTimeout: number;
  /** How long tasks wait while nobody serves the queue. */
  readonly noWorkersTimeout: number;
  /** Bytes of an encoded input. */
  readonly maxInput: number;
}

/** Sends runs to a queue, and hears of them from its workers. */
export class RedisEngine implements Engine, ClientListener {
  readonly traits: Traits;
  readonly runRules: Rules<object> = queueRules;
  readonly mapMore: MapMore = queueMap;
  readonly #link: ClientLink;
  readonly #options: RedisEngineOptions;
  readonly #live = new Map<number, SentRun>();
  #pace!: Pace;
  #outbox!: Outbox;
  #watch!: Watch;
  #frames!: ClientFrames;
  #host!: EngineHost;
  #refusal: UnreachableError | undefined;
  #shut: Promise<void> | undefined;

  constructor(link: ClientLink, traits: Traits, options: RedisEngineOptions) {
    this.#link = link;
    this.traits = traits;
    this.#options = options;
  }

  get mapConcurrency(): number {
    return this.#pace.mapConcurrency;
  }

  get carries(): boolean {
    return isTelemetrySetUp();
  }

  get workers(): number {
    return this.#shut ? 0 : this.#watch.workers;
  }

  get restarts(): number {
    return this.#frames.restarts;
  }

  attach(host: EngineHost): void {
    this.#host = host;
    const end = (sent: SentRun, error: unknown): void => this.#end(sent, error);
    const underWay = (): number => this.#live.size - this.#outbox.size;
    const pace = new Pace(() => this.#watch.capacity, underWay);
    this.#pace = pace;
    const outbox = new Outbox(this.#link, host.clock, this.#options, pace, end);
    this.#outbox = outbox;
    this.#frames = new ClientFrames(host, this.#live, (sent, duration) => {
      this.#forget(sent);
      if (duration !== null && pace.measure(sent.terms.task, duration)) outbox.measured();
    });
    this.#watch = new Watch(this.#link, host.clock, this.#live, this.#options, end);
    this.#link.listen(this);
  }

  check(task: Runnable, options: RunOptions): void {
    checkTask(this.#host.name, this.traits, task, options);
    checkSendable(this.#host.name, task);
  }

  room(running: number): number {
    return this.#watch.capacity - running;
  }

  enqueue(run: TaskRun): void {
    let sent: SentRun;
    try {
      sent = prepareRun(run, this.#options, this.#host.clock.date());
    } catch (error) {
      this.#host.finished(run, { ok: false, value: error });
      return;
    }
    run.place = sent;
    this.#live.set(run.number, sent);
    const { startTimeout } = run.options as QueueRunOptions;
    if (startTimeout !== undefined && startTimeout !== Infinity) {
      const late = (): void => void this.#startLate(sent, startTimeout);
      sent.startTimer = this.#host.clock.after(startTimeout, late);
    }
    this.#link.expect(true);
    this.#watch.start();
    this.#outbox.add(sent);
  }

  withdraw(run: TaskRun, reason: unknown): boolean {
    const sent = run.place as SentRun;
    if (this.#outbox.remove(sent)) {
      this.#forget(sent);
      return true;
    }
    sent.stopping = { reason };
    return false;
  }

  stop(run: TaskRun, reason: unknown): void {
    const sent = run.place as SentRun;
    sent.stopping ??= { reason };
    void this.#cancel(sent, reason);
  }

  grant(run: TaskRun, credits: number): void {
    const sent = run.place as SentRun;
    const give = (): void => {
      sent.granted += credits;
      const total = sent.granted;
      const control = { type: "grant", to: this.#options.client, n: run.number, total } as const;
      this.#link.tell(control).catch(() => {}); // the watch says it again
    };
    // With a window of one, whoever reads ahead of the reader would read twice as far.
    const demand = run.items?.window === 1 ? run.items.demand() : undefined;
    // A reader that leaves wants nothing.
    if (demand) void demand.then(() => !run.settled && give());
    else give();
  }

  *live(): Iterable<TaskRun> {
    for (const { run } of this.#live.values()) yield run;
  }

  async ready(): Promise<void> {
    if (this.#refusal) throw this.#refusal;
    await this.#watch.ready();
  }

  openDesk(): OwnDesk {
    return this.#link.openDesk(this.#options.maxInput);
  }

  shutdown(): Promise<void> {
    return (this.#shut ??= this.#shutDown());
  }

  frames(worker: string, frames: readonly Frame[], length: number): void {
    this.#watch.heard();
    if (frames.length > 0) this.#pace.received(length / frames.length);
    // Anybody may have written them: one that is none must not take those behind it along.
    for (const frame of frames) if (Array.isArray(frame)) this.#frames.take(worker, frame);
  }

  gap(): void {
    this.#watch.sweep();
  }

  refused(cause: Error): void {
    // An error for each: nobody may share one.
    const message = `Redis refuses ${this.#host.name}: ${cause.message}`;
    this.#refusal = new UnreachableError(message, { cause });
    for (const sent of [...this.#live.values()]) {
      this.#outbox.remove(sent);
      this.#end(sent, new UnreachableError(message, { cause }));
    }
    this.#watch.fail(this.#refusal);
  }

  async #startLate({ run, deduped, jobId }: SentRun, startTimeout: number): Promise<void> {
    // Only who has sent it is told of its start.
    const job = deduped ? await this.#link.find(jobId ?? "").catch(() => undefined) : undefined;
    if (job?.state === "running") return;
    run.cancel(new StartTimeoutError(`${run.taskId} had not started after ${startTimeout} ms.`));
  }

  /** What its worker ends is heard of; a worker that is lost is found by the watch. */
  async #cancel(sent: SentRun, reason: unknown): Promise<void> {
    const { job } = sent;
    if (job === undefined) return;
    try {
      await this.#outbox.arrived(job);
      if (await cancelSent(this.#link, this.#options.client, sent, reason)) this.#end(sent, reason);
    } catch {
      // Redis does not do it. The caller has its answer, and late ones change nothing.
      this.#end(sent, reason);
    }
  }

  /** It waits for a job that somebody else has sent. */
  deduped(number: number, task: string): void {
    const sent = this.#live.get(number);
    if (!sent) return;
    sent.deduped = true;
    if (task === sent.terms.task) return;
    const message = `The id ${JSON.stringify(sent.run.id)} is that of a task ${task}; ${sent.terms.task} needs one of its own.`;
    this.#end(sent, new InvalidOptionError(message));
  }

  /** Whether the id of a run was there already, once Redis has told. *Errors*: the run's own, where that was never sent. */
  async wasDeduped(run: TaskRun): Promise<boolean> {
    await run.accepted;
    const sent = run.place as SentRun | undefined;
    const hasArrived = sent && (!sent.arrival || (await sent.arrival.promise));
    if (!hasArrived) await run.result;
    return sent?.deduped ?? false;
  }

  #end(sent: SentRun, error: unknown): void {
    if (this.#live.get(sent.run.number) !== sent) return;
    this.#forget(sent);
    this.#host.finished(sent.run, { ok: false, value: error });
  }

  #forget(sent: SentRun): void {
    this.#live.delete(sent.run.number);
    sent.startTimer?.cancel();
    sent.arrival?.resolve(false);
    if (this.#live.size > 0) return;
    this.#link.expect(false);
    this.#watch.rest();
  }

  async #shutDown(): Promise<void> {
    this.#watch.close();
    for (const sent of [...this.#live.values()]) this.#forget(sent);
    await this.#link.close();
  }
}
