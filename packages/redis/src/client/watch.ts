import type { Clock, Timer } from "@quintet/core/kit";
import { NoWorkersError, ResultLostError } from "../queue-errors.ts";
import type { WorkerCard } from "../transport/protocol.ts";
import type { SentRun } from "./sent-run.ts";
import type { ClientLink } from "../transport/transport.ts";

/** Milliseconds between two looks at the workers, and at what has been under way for long. */
const lookEvery = 2_000;
const sweepEvery = 15_000;

/** What a watch has to know of its client. */
export interface WatchOptions {
  readonly client: string;
  readonly queue: string;
  readonly noWorkersTimeout: number;
}

/** Looks, while runs are under way, whether they still can end: whether there are workers, and the jobs themselves. */
export class Watch {
  readonly #link: ClientLink;
  readonly #clock: Clock;
  readonly #live: ReadonlyMap<number, SentRun>;
  readonly #options: WatchOptions;
  readonly #end: (sent: SentRun, error: unknown) => void;
  #cards: readonly WorkerCard[] = [];
  #timer: Timer | undefined;
  #closed = false;
  #seen = Number.NaN;
  #swept = 0;
  #sweeping = false;
  readonly #readies = new Set<PromiseWithResolvers<void>>();

  constructor(
    link: ClientLink,
    clock: Clock,
    live: ReadonlyMap<number, SentRun>,
    options: WatchOptions,
    end: (sent: SentRun, error: unknown) => void,
  ) {
    this.#link = link;
    this.#clock = clock;
    this.#live = live;
    this.#options = options;
    this.#end = end;
  }

  get workers(): number {
    return this.#cards.length;
  }

  /** How many tasks the workers run at a time. */
  get capacity(): number {
    return this.#cards.reduce((sum, { concurrency }) => sum + concurrency, 0);
  }

  /** Resolves when somebody serves the queue. */
  async ready(): Promise<void> {
    if (this.#cards.length > 0) return;
    const ready = Promise.withResolvers<void>();
    this.#readies.add(ready);
    this.#link.expect(true);
    this.start();
    await ready.promise;
  }

  /** Runs are under way. */
  start(): void {
    if (this.#timer || this.#closed) return;
    this.#seen = this.#swept = this.#clock.now();
    this.#timer = this.#clock.after(0, () => void this.#look());
  }

  /** None is. */
  rest(): void {
    if (this.#readies.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** A worker has told something. */
  heard(): void {
    this.#seen = this.#clock.now();
  }

  fail(error: unknown): void {
    for (const ready of this.#readies) ready.reject(error);
    this.#readies.clear();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const ready of this.#readies) ready.resolve();
    this.#readies.clear();
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    try {
      this.#cards = await this.#link.workers();
      if (this.#cards.length > 0) this.#present();
      else this.#absent();
      if (this.#clock.now() - this.#swept >= sweepEvery) this.sweep();
      this.#repeatGrants();
      this.#letOrphansGo();
    } catch {
      // Redis is away; there is another look soon.
    }
    // Meanwhile all may have ended, and others have begun, for whom another look is due.
    if (this.#closed || this.#timer !== timer) return;
    const soon = this.#readies.size > 0 ? 50 : lookEvery;
    if (this.#live.size > 0 || this.#readies.size > 0) {
      this.#timer = this.#clock.after(soon, () => void this.#look());
    } else this.#timer = undefined;
  }

  #present(): void {
    this.#seen = this.#clock.now();
    if (this.#readies.size === 0) return;
    for (const ready of this.#readies) ready.resolve();
    this.#readies.clear();
    if (this.#live.size === 0) this.#link.expect(false);
  }

  #absent(): void {
    const { noWorkersTimeout, queue } = this.#options;
    if (this.#clock.now() - this.#seen < noWorkersTimeout) return;
    for (const sent of [...this.#live.values()]) {
      sent.run.cancel(
        new NoWorkersError(
          `Nobody has served the queue ${queue} for ${noWorkersTimeout} ms (noWorkersTimeout), so ${sent.run.taskId} was taken back.`,
        ),
      );
    }
  }

  /** Looks for the jobs of all that is under way: one that is gone, and is still not heard of, gives no result. */
  sweep(): void {
    this.#swept = this.#clock.now();
    if (this.#sweeping || this.#closed) return;
    this.#sweeping = true;
    this.#sweep().then(
      () => (this.#sweeping = false),
      () => (this.#sweeping = false), // Redis is away
    );
  }

  async #sweep(): Promise<void> {
    const due = [...this.#live.values()].filter(({ job }) => job !== undefined);
    const jobs = [...new Set(due.map(({ job }) => job as string))];
    const looks = await this.#link.look(jobs);
    const byJob = new Map(jobs.map((job, index) => [job, looks[index]]));
    const lost = due.filter((sent) => {
      const look = byJob.get(sent.job as string);
      const wasMissing = sent.missing;
      sent.missing = look !== "there" && look !== undefined;
      return sent.missing && wasMissing;
    });
    for (const sent of lost) this.#lose(sent, byJob.get(sent.job as string));
    // What is on its way is here before the next look.
    if (due.some(({ missing }) => missing)) this.#clock.after(1_000, () => this.sweep());
  }

  #lose(sent: SentRun, look: unknown): void {
    if (sent.stopping) return this.#end(sent, sent.stopping.reason);
    const why =
      look === "gone"
        ? "its job is gone from Redis, and no result has come"
        : `its job is among the failed ones (${(look as { failed: string }).failed}), and no result has come`;
    this.#end(sent, new ResultLostError(`${sent.run.taskId} was lost: ${why}.`));
  }

  /** A cancelled task whose worker has ended with it. Twice, as a card may be late. */
  #letOrphansGo(): void {
    const names = new Set(this.#cards.map(({ name }) => name));
    for (const sent of [...this.#live.values()]) {
      const { stopping, run, orphaned } = sent;
      sent.orphaned = stopping !== undefined && run.started && !names.has(run.lane);
      if (stopping && sent.orphaned && orphaned) this.#end(sent, stopping.reason);
    }
  }

  /** A credit may have been lost with a connection. */
  #repeatGrants(): void {
    for (const { run, granted } of this.#live.values()) {
      if (!run.items || !run.started || run.settled) continue;
      const grant = { type: "grant", to: this.#options.client, n: run.number, total: granted };
      this.#link.tell(grant as never).catch(() => {});
    }
  }
}
