import {
  isQuintetError,
  type LiveTask,
  type RunOptions,
  type StreamTask,
  type Task,
} from "@quintet/core";
import { CreditGate, systemClock, TaskRun, type Timer } from "@quintet/core/kit";
import { decodeValue } from "../values/decode-value.ts";
import { type ItemPlace, ItemReporter } from "./item-reporter.ts";
import { itemKey, tooLate } from "./item-terms.ts";
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
  readonly #controller = new AbortController();
  readonly #credits: CreditGate;
  #granted: number;
  #attempt: number;
  #told: Promise<void> = Promise.resolve();
  #isStarted: () => boolean = () => true;
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
    const { window = 1 } = envelope;
    this.#granted = Math.max(window - 1, 1);
    this.#credits = new CreditGate(this.#granted);
  }

  /** The client does not want it any more, or the worker stops. */
  abort(reason: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort(reason);
    this.#credits.close(reason);
  }

  /** The consumer of its stream has room for so many items, over all. */
  grant(total: number): void {
    if (!(total > this.#granted)) return;
    this.#credits.grant(total - this.#granted);
    this.#granted = total;
  }

  /** Runs it to its end; what is told of that may not be safe yet. Never rejects. */
  async run(): Promise<ItemEnd> {
    const { signal } = this.#controller;
    if (signal.aborted) return this.#neverRan(signal.reason);
    const refusal = tooLate(this.envelope);
    if (refusal) return this.#neverRan(refusal);
    let input: unknown;
    try {
      input = decodeValue(this.item.input);
    } catch (error) {
      return this.#neverRan(error);
    }
    for (;;) {
      this.#isStarted = () => false;
      this.#reporter.start(this.#attempt, () => this.#isStarted());
      const end = await this.#runOnce(input);
      if (end) return end;
      this.#attempt++;
    }
  }

  async #runOnce(input: unknown): Promise<ItemEnd | undefined> {
    const { signal } = this.#controller;
    let value: unknown;
    try {
      value = await inTrace(this.item.trace, this.#task.id, this.#place.queue, () =>
        this.envelope.window ? this.#stream(input) : this.#call(input),
      );
    } catch (error) {
      if (signal.aborted && signal.reason === stopping) return this.#handBack();
      if (signal.aborted && error === signal.reason) {
        this.#tell(this.#reporter.cancelled(error));
        return { type: "ended" };
      }
      if (this.#retriesLoss(error)) {
        this.#tell(this.#reporter.requeued("retried"));
        return undefined;
      }
      const again = this.#retriesFailure(error);
      if (again) {
        this.#tell(this.#reporter.requeued("failed"));
        return again;
      }
      this.#tell(this.#reporter.failed(error));
      return { type: "ended", error };
    }
    this.#tell(this.#reporter.completed(value));
    return { type: "ended" };
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

  async #call(input: unknown): Promise<unknown> {
    const job = this.#place.on.submit(this.#task, input, this.#options());
    this.#isStarted = () => job.state !== "waiting" && job.state !== "queued";
    try {
      return await job.result;
    } finally {
      // A cancelled task has settled before its function has ended. Executors of others may not tell of that.
      if (this.#controller.signal.aborted && job instanceof TaskRun) await job.ended;
    }
  }

  async #stream(input: unknown): Promise<unknown> {
    const task = this.#task as StreamTask<unknown, unknown, unknown>;
    const stream = this.#place.on.stream(task, input, { ...this.#options(), window: 1 });
    this.#isStarted = () => this.#live()?.state === "running";
    try {
      for (;;) {
        const credit = this.#credits.take();
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
    const ended = Promise.withResolvers<void>();
    const look = (): Timer =>
      systemClock.after(endPoll, () => (this.#live() ? (timer = look()) : ended.resolve()));
    let timer = look();
    try {
      await Promise.race([credit, ended.promise]);
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
      signal: this.#controller.signal,
      timeout: this.envelope.timeout,
      id: this.#id,
      attempt: this.#attempt,
      onProgress: (value) => {
        this.#reporter.progress(value).catch((error: unknown) => this.abort(error));
      },
    };
  }

  #retriesLoss(error: unknown): boolean {
    const { attempt = 1 } = this.item;
    const { retries = 0 } = this.envelope;
    return (
      isQuintetError(error, "WORKER_LOST") &&
      !this.#hasYielded &&
      !this.#controller.signal.aborted &&
      this.#attempt - attempt < retries
    );
  }

  #retriesFailure(error: unknown): ItemEnd | undefined {
    const { retry } = this.envelope;
    if (!retry || this.#hasYielded || this.#controller.signal.aborted) return undefined;
    // These say that another attempt would end alike.
    if (isQuintetError(error, "NOT_CLONEABLE") || isQuintetError(error, "TASK_NOT_FOUND"))
      return undefined;
    if (this.#attempt >= retry.attempts) return undefined;
    const delay = Math.min(retry.delay * retry.factor ** (this.#attempt - 1), retry.most);
    return { type: "again", attempt: this.#attempt + 1, delay };
  }

  #neverRan(reason: unknown): ItemEnd {
    if (reason === stopping) return { type: "handed-back" };
    const wasCancelled = this.#controller.signal.aborted;
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
