import {
  type Job,
  type LiveTask,
  type RunOptions,
  type StreamTask,
  type Task,
} from "@quintet/core";
import { CreditGate, systemClock, TaskRun, type Timer } from "@quintet/core/kit";
import { decodeValue } from "../values/decode-value.ts";
import { type ItemPlace, ItemReporter } from "./item-reporter.ts";
import { itemKey, retriesLoss, retryOf, tooLate } from "./item-terms.ts";
import type { Envelope, WireItem } from "../transport/protocol.ts";
import { ExpiredError } from "../queue-errors.ts";
import { inTrace } from "../trace-context.ts";
import type { FetchedJob } from "../transport/transport.ts";

/** How one delivery of a task ended. */
export type ItemEnd =
  /** With a result, or with an error, which the client is told. */
  | { readonly type: "ended"; readonly error?: unknown }
  /** It failed, and is to be run again after so many milliseconds. */
  | { readonly type: "again"; readonly attempt: number; readonly delay: number }
  /** Its worker stops; it has been aborted, or was not started. */
  | { readonly type: "handed-back" };

const ended: ItemEnd = { type: "ended" };

/** Milliseconds between two looks whether a producer without credits has ended. */
const endPoll = 20;

/** Reason of an abort whose task is handed back. */
export const stopping: unique symbol = Symbol("stopping");

/** One task of a job, run on the worker's executor. */
export class ItemRun {
  readonly key: string;
  readonly item: WireItem;
  readonly envelope: Envelope;
  readonly #task: Task<unknown, unknown>;
  readonly #place: ItemPlace;
  readonly #reporter: ItemReporter;
  /** Why it is not wanted any more. */
  #abort: { readonly reason: unknown } | undefined;
  /** What runs it now, if it is no stream. */
  #job: Job<unknown> | undefined;
  /** Of a stream: how many items may be told of, and what ends it. */
  readonly #credits: CreditGate | undefined;
  readonly #controller: AbortController | undefined;
  #granted = 0;
  #attempt: number;
  #told: Promise<void> = Promise.resolve();
  /** Whether it has told something that cannot be taken back. */
  #hasYielded = false;

  constructor(
    task: Task<unknown, unknown>,
    envelope: Envelope,
    item: WireItem,
    job: FetchedJob,
    place: ItemPlace,
  ) {
    this.key = itemKey(envelope.to, item.n);
    this.item = item;
    this.envelope = envelope;
    this.#task = task;
    this.#place = place;
    this.#reporter = new ItemReporter(envelope, item.n, job, place);
    this.#attempt = item.attempt ?? 1;
    const { window } = envelope;
    if (!window) return;
    this.#granted = Math.max(window - 1, 1);
    this.#credits = new CreditGate(this.#granted);
    this.#controller = new AbortController();
  }

  /** The client does not want it any more, or the worker stops. */
  abort(reason: unknown): void {
    if (this.#abort) return;
    this.#abort = { reason };
    this.#job?.cancel(reason);
    this.#controller?.abort(reason);
    this.#credits?.close(reason);
  }

  /** The consumer of its stream has room for so many items, over all. */
  grant(total: number): void {
    if (!this.#credits || !(total > this.#granted)) return;
    this.#credits.grant(total - this.#granted);
    this.#granted = total;
  }

  /** Whether its function really runs: it may wait for a worker of the executor. */
  isDue(): boolean {
    if (this.#credits) return this.#live()?.state === "running";
    const { state = "waiting" } = this.#job ?? {};
    return state !== "waiting" && state !== "queued";
  }

  /** Runs it to its end; what is told of that may not be safe yet. Never rejects. */
  async run(): Promise<ItemEnd> {
    if (this.#abort) return this.#neverRan(this.#abort.reason);
    const refusal = tooLate(this.envelope);
    if (refusal) return this.#neverRan(refusal);
    let input: unknown;
    try {
      input = decodeValue(this.item.input);
    } catch (error) {
      return this.#neverRan(error);
    }
    for (;;) {
      this.#job = undefined;
      this.#reporter.start(this.#attempt, this);
      const end = await this.#runOnce(input);
      if (end) return end;
      this.#attempt++;
    }
  }

  async #runOnce(input: unknown): Promise<ItemEnd | undefined> {
    let value: unknown;
    try {
      value = await inTrace(this.item.trace, this.#task.id, this.#place.queue, () =>
        this.#credits ? this.#stream(input, this.#credits) : this.#call(input),
      );
    } catch (error) {
      if (this.#abort) await this.#ended();
      if (this.#abort?.reason === stopping) return this.#handBack();
      if (this.#abort && error === this.#abort.reason) {
        this.#tell(this.#reporter.cancelled(error));
        return { type: "ended" };
      }
      // What was told cannot be taken back.
      const isFinal = this.#hasYielded || this.#abort !== undefined;
      const before = this.#attempt - (this.item.attempt ?? 1);
      if (!isFinal && retriesLoss(error, this.envelope, before)) {
        this.#tell(this.#reporter.requeued("retried"));
        return undefined;
      }
      const again = isFinal ? undefined : retryOf(error, this.envelope, this.#attempt);
      if (again) {
        this.#tell(this.#reporter.requeued("failed"));
        return again;
      }
      this.#tell(this.#reporter.failed(error));
      return { type: "ended", error };
    }
    if (this.#abort) await this.#ended();
    this.#tell(this.#reporter.completed(value));
    return ended;
  }

  /** Resolves when what was told is safe in Redis. *Errors*: those of the link. */
  get told(): Promise<void> {
    return this.#told;
  }

  // The next task of the job need not wait for that.
  #tell(told: Promise<void>): void {
    this.#told = told;
    told.catch(() => {}); // who waits for it hears of it
  }

  #call(input: unknown): Promise<unknown> {
    const job = this.#place.on.submit(this.#task, input, this.#options());
    this.#job = job;
    // It may be what has aborted it, if it has begun at once.
    if (this.#abort) job.cancel(this.#abort.reason);
    return job.result;
  }

  /** A cancelled task has settled before its function has ended. Executors of others may not tell of that. */
  async #ended(): Promise<void> {
    if (this.#job instanceof TaskRun) await this.#job.ended;
  }

  async #stream(input: unknown, credits: CreditGate): Promise<unknown> {
    const task = this.#task as StreamTask<unknown, unknown, unknown>;
    const stream = this.#place.on.stream(task, input, {
      ...this.#options(),
      signal: this.#controller?.signal,
      window: 1,
    });
    try {
      for (;;) {
        const credit = credits.take();
        if (credit) await this.#roomOrEnd(credit);
        const step = await stream.next();
        if (step.done) return step.value;
        await credit;
        this.#hasYielded = true;
        this.#reporter.item(step.value).catch((error: unknown) => this.abort(error));
      }
    } finally {
      // What its `finally` throws is the end to tell of.
      await stream.return(undefined);
    }
  }

  /** The end of a producer is told without a credit; its last items wait for theirs. */
  async #roomOrEnd(credit: Promise<void>): Promise<void> {
    credit.catch(() => {}); // once it has ended, nobody waits for this any more
    const over = Promise.withResolvers<void>();
    const look = (): Timer =>
      systemClock.after(endPoll, () => (this.#live() ? (timer = look()) : over.resolve()));
    let timer = look();
    try {
      await Promise.race([credit, over.promise]);
    } finally {
      timer.cancel();
    }
  }

  #live(): LiveTask | undefined {
    return this.#place.on.tasks().find(({ id }) => id === this.#id);
  }

  get #id(): string {
    return this.item.id ?? `${this.#place.queue}@${this.envelope.to}#${this.item.n}`;
  }

  #options(): RunOptions {
    return {
      timeout: this.envelope.timeout,
      id: this.#id,
      attempt: this.#attempt,
      names: this.#place.names,
      onProgress: (value) => {
        this.#reporter.progress(value).catch((error: unknown) => this.abort(error));
      },
    };
  }

  #neverRan(reason: unknown): ItemEnd {
    if (reason === stopping) return { type: "handed-back" };
    const wasCancelled = this.#abort !== undefined;
    this.#tell(this.#reporter.neverRan(reason, wasCancelled));
    return wasCancelled ? { type: "ended" } : { type: "ended", error: reason };
  }

  #handBack(): ItemEnd {
    if (this.#hasYielded) {
      this.#tell(
        this.#reporter.failed(new ExpiredError(`The worker stopped in the middle of the stream.`)),
      );
      return { type: "ended" };
    }
    this.#tell(this.#reporter.requeued("moved"));
    return { type: "handed-back" };
  }
}
