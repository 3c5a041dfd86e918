import { systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { answered } from "../transport/connection.ts";
import { NoWorkersError, ResultLostError } from "../queue-errors.ts";
import { ending, rqKeys } from "./rq-wire.ts";
import type { RqWait } from "./rq-wait.ts";

/** Milliseconds a read waits, after which it hears of jobs that were sent meanwhile; and keys of one read. */
const block = 100;
const mostKeys = 500;

/** Milliseconds between two looks at jobs whose result does not come. */
const sweepEvery = 2_000;

type Streams = [key: string, entries: [id: string, fields: string[]][]][] | null;

/** Reads the results of jobs as long as some are waited for, and looks whether they still can come. */
export class RqReader {
  readonly #queue: string;
  readonly #blocking: Redis;
  readonly #noWorkersTimeout: number;
  readonly #waits: Map<string, RqWait>;
  #isReading = false;
  #swept = 0;
  #workersSeen = 0;

  constructor(
    blocking: Redis,
    waits: Map<string, RqWait>,
    options: { readonly queue: string; readonly noWorkersTimeout: number },
  ) {
    this.#blocking = blocking;
    this.#waits = waits;
    this.#queue = options.queue;
    this.#noWorkersTimeout = options.noWorkersTimeout;
  }

  /** There is something to wait for. */
  start(): void {
    if (!this.#isReading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    this.#swept = this.#workersSeen = systemClock.now();
    while (this.#waits.size > 0) {
      try {
        await this.#next();
        if (systemClock.now() - this.#swept > sweepEvery) await this.#sweep();
      } catch {
        // The connection is being made again, and the results stay where they are.
        await new Promise<void>((resolve) => systemClock.after(block, resolve));
      }
    }
    this.#isReading = false;
  }

  async #next(): Promise<void> {
    const some = [...this.#waits.values()].slice(0, mostKeys);
    const keys = some.map(({ id }) => rqKeys.results(id));
    const lasts = some.map(({ last }) => last);
    const read = this.#blocking.xread("BLOCK", block, "STREAMS", ...keys, ...lasts);
    const streams: Streams = await answered(this.#blocking, read);
    for (const [key, entries] of streams ?? []) {
      const wait = this.#waits.get(key.slice(rqKeys.results("").length));
      for (const [id, fields] of entries) if (wait) this.#take(wait, id, fields);
    }
    // Those that were read go to the end, so that all have their turn.
    for (const wait of some) if (this.#waits.delete(wait.id)) this.#waits.set(wait.id, wait);
  }

  #take(wait: RqWait, id: string, fields: readonly string[]): void {
    wait.last = id;
    const pairs = fields.flatMap((field, index): [string, string][] =>
      index % 2 === 0 ? [[field, fields[index + 1] ?? ""]] : [],
    );
    const end = ending(new Map(pairs));
    if (end) this.#settle(wait, end);
  }

  #settle(wait: RqWait, end: { value: unknown } | { error: unknown }): void {
    if (this.#waits.delete(wait.id)) wait.settle(end);
  }

  /** Finds what will have no result: jobs that are gone, that somebody cancelled, or that nobody will run. */
  async #sweep(): Promise<void> {
    this.#swept = systemClock.now();
    const waits = [...this.#waits.values()].filter(({ isSent }) => isSent);
    const pipeline = this.#blocking.pipeline();
    for (const { id } of waits) pipeline.hget(rqKeys.job(id), "status");
    const answers = (await answered(this.#blocking, pipeline.exec())) ?? [];
    if (await this.#hasWorkers()) this.#workersSeen = systemClock.now();
    for (const [index, wait] of waits.entries()) {
      const [error, status] = answers[index] ?? [undefined, null];
      if (error) throw error;
      this.#look(wait, status as string | null);
    }
  }

  #look(wait: RqWait, status: string | null): void {
    const now = systemClock.now();
    const since = Math.max(this.#workersSeen, wait.since);
    if (status === "queued" && now - since > this.#noWorkersTimeout) {
      const message = `Nobody serves RQ's queue ${this.#queue}, so ${wait.name} is not run.`;
      this.#settle(wait, { error: new NoWorkersError(message) });
    }
    const isOver =
      status === null || ["finished", "failed", "stopped", "canceled"].includes(status);
    if (isOver && wait.missing) {
      const message = `${wait.name} is ${status ?? "gone"}, and RQ has no result of it.`;
      this.#settle(wait, { error: new ResultLostError(message) });
    }
    wait.missing = isOver;
  }

  async #hasWorkers(): Promise<boolean> {
    const workers = await this.#blocking.smembers(rqKeys.workers(this.#queue));
    return workers.length > 0 && (await this.#blocking.exists(...workers)) > 0;
  }
}
