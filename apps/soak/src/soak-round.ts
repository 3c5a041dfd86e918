import { isDeepStrictEqual } from "node:util";
import { isQuintetError } from "@quintet/core";
import type { PoolOptions, WorkerPool } from "@quintet/pool";
import { anyKind, endless, fatal } from "./errand-kinds.ts";
import { type Errand, soak } from "./soak.tasks.ts";

/** How runs ended, by what ended them. */
export type Endings = Record<string, number>;

/** Everything that should not have been. */
export type Wrongs = string[];

/** Whom a soak is for. */
export interface SoakPlace {
  /** Opens a pool with these options, and others of its own. */
  open(options: PoolOptions, random: () => number): WorkerPool;
  /** Ends the worker of a label from outside, where that can be done. It costs one task at most. */
  readonly kill?: (worker: string) => void;
}

/** One pool, some thousands of calls of every sort that end in every way, and its close at a random moment. */
export class SoakRound {
  readonly #random: () => number;
  readonly #endings: Endings;
  readonly #wrongs: Wrongs;
  readonly #place: SoakPlace;
  readonly #pool: WorkerPool;
  #open = 0;
  #calls = 0;
  /** Workers that were ended from outside, less the tasks that were lost with them. */
  #killed = 0;

  constructor(place: SoakPlace, random: () => number, endings: Endings, wrongs: Wrongs) {
    this.#place = place;
    this.#random = random;
    this.#endings = endings;
    this.#wrongs = wrongs;
    const options = {
      size: 1 + this.#whole(3),
      grace: 10 + this.#whole(40),
      ...(random() < 0.3 && { tasksPerWorker: 50 + this.#whole(500) }),
      ...(random() < 0.3 && { maxQueue: 500 }),
    };
    this.#pool = place.open(options, random);
  }

  /** Calls that were made, and have not settled. */
  get open(): number {
    return this.#open;
  }

  get calls(): number {
    return this.#calls;
  }

  /** What the pool says of itself. */
  stats(): ReturnType<WorkerPool["stats"]> {
    return this.#pool.stats();
  }

  /** Resolves when every call has settled and the pool is closed. */
  async run(): Promise<void> {
    const calls: Promise<void>[] = [];
    const amount = 200 + this.#whole(2_000);
    const closesEarly = this.#random() < 0.3;
    for (let n = 0; n < amount; n++) {
      calls.push(this.#call(n));
      if (n % 100 !== 99) continue;
      await new Promise((resolve) => setTimeout(resolve, this.#whole(4)));
      if (this.#place.kill && this.#random() < 0.1) this.#killOne(this.#place.kill);
    }
    const closed = closesEarly ? this.#close() : undefined;
    await Promise.all(calls);
    if (!closed) await this.#checkPermits();
    await (closed ?? this.#close());
    const { queued, running, workers, waiting } = this.#pool.stats();
    if (queued + running + workers + waiting > 0)
      this.#wrongs.push(`left over: ${JSON.stringify(this.#pool.stats())}`);
  }

  /** Whatever its tasks have come to, all permits are back. */
  async #checkPermits(): Promise<void> {
    try {
      const all = { weight: 2, timeout: 10_000 };
      (await this.#pool.semaphore("soak", 2).acquire(all)).release();
    } catch (error) {
      this.#wrongs.push(`permits: ${String(error)}`);
    }
  }

  #killOne(kill: (worker: string) => void): void {
    const workers = this.#pool.tasks().flatMap(({ worker }) => worker ?? []);
    const worker = workers[this.#whole(workers.length)];
    if (worker === undefined) return;
    kill(worker);
    this.#killed++;
    this.#count("killed");
  }

  /** Whether a worker that was ended from outside may have taken one task more with it. */
  #isKilled(error: unknown): boolean {
    return isQuintetError(error, "WORKER_LOST") && --this.#killed >= 0;
  }

  #close(): Promise<void> {
    const roll = this.#random();
    if (roll < 0.4) return this.#pool.close({ deadline: 3_000 });
    return roll < 0.7 ? this.#pool.close({ cancel: true }) : this.#pool.close({ deadline: 50 });
  }

  #whole(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** Makes one call; resolves when it has settled as it may. */
  async #call(n: number): Promise<void> {
    this.#calls++;
    this.#open++;
    const roll = this.#random();
    try {
      if (roll < 0.9) await this.#run(n);
      else if (roll < 0.96) await this.#map(n);
      else await this.#stream(n);
    } finally {
      this.#open--;
    }
  }

  async #run(n: number): Promise<void> {
    const [kind, most] = anyKind(this.#random);
    const errand: Errand = { n, kind, length: this.#whole(most) };
    const bound = endless.has(kind) || this.#random() < 0.1;
    const byTimeout = bound && this.#random() < 0.5;
    const controller = bound && !byTimeout ? new AbortController() : undefined;
    const options = {
      priority: this.#whole(3),
      ...(controller && { signal: controller.signal }),
      ...(byTimeout && { timeout: 1 + this.#whole(10) }),
      ...(this.#random() < 0.05 && { retries: 1 }),
    };
    const aborted = new Error("enough");
    if (controller) setTimeout(() => controller.abort(aborted), this.#whole(50));
    const result =
      this.#random() < 0.5
        ? this.#pool.run(soak.behave, errand, options)
        : this.#pool.submit(soak.behave, errand, options).result;
    await result.then(
      (value) => {
        this.#count("value");
        if (!isDeepStrictEqual(value, resultOf(errand))) this.#wrong(errand, value);
      },
      (error: unknown) => {
        if (error === aborted) this.#count("aborted");
        else if (isOwnError(error, errand)) this.#count("own error");
        else if (isQuintetError(error, "TIMEOUT") && byTimeout) this.#count("timeout");
        else if (isQuintetError(error, "CLOSED")) this.#count("closed");
        else if (isQuintetError(error, "QUEUE_FULL")) this.#count("queue full");
        else if (isQuintetError(error, "NOT_CLONEABLE") && kind === "not cloneable")
          this.#count("not cloneable");
        // Only the guilty pay.
        else if (isQuintetError(error, "WORKER_LOST") && fatal.has(kind)) this.#count("lost");
        else if (this.#isKilled(error)) this.#count("lost to a kill");
        else this.#wrong(errand, error);
      },
    );
  }

  async #map(n: number): Promise<void> {
    const inputs = Array.from({ length: this.#whole(400) }, (_, index) => n * 10 + index);
    const leaveAt = this.#random() < 0.2 ? this.#whole(200) : Infinity;
    const results: number[] = [];
    try {
      for await (const result of this.#pool.map(soak.double, inputs)) {
        if (results.push(result) >= leaveAt) break;
      }
      this.#count(leaveAt < inputs.length ? "map left" : "map");
      const due = inputs.slice(0, Math.min(leaveAt, inputs.length)).map((input) => 2 * input);
      if (leaveAt !== 0 && !isDeepStrictEqual(results, due)) this.#wrongs.push(`map ${n}`);
    } catch (error) {
      if (error instanceof RangeError) this.#count("map error");
      else if (isQuintetError(error, "CLOSED")) this.#count("map closed");
      else if (this.#isKilled(error)) this.#count("map lost to a kill");
      else this.#wrongs.push(`map ${n}: ${String(error)}`);
    }
  }

  async #stream(n: number): Promise<void> {
    const length = this.#whole(60) === 0 ? 2_000 : this.#whole(100);
    const leaveAt = this.#random() < 0.3 ? this.#whole(50) : Infinity;
    let next = 0;
    try {
      for await (const item of this.#pool.stream(soak.count, length)) {
        if (item !== next++) this.#wrongs.push(`stream ${n}: item ${item} at ${next - 1}`);
        if (next >= leaveAt) break;
      }
      this.#count(next < length ? "stream left" : "stream");
    } catch (error) {
      if (isQuintetError(error, "WORKER_LOST") && length > 1_313) this.#count("stream lost");
      else if (isQuintetError(error, "CLOSED") || isQuintetError(error, "QUEUE_FULL"))
        this.#count("stream refused");
      else if (this.#isKilled(error)) this.#count("stream lost to a kill");
      else this.#wrongs.push(`stream ${n}: ${String(error)}`);
    }
  }

  #count(ending: string): void {
    this.#endings[ending] = (this.#endings[ending] ?? 0) + 1;
  }

  #wrong(errand: Errand, ending: unknown): void {
    this.#wrongs.push(`${JSON.stringify(errand)}: ${String(ending)}`);
  }
}

function resultOf({ n, kind, length }: Errand): unknown {
  if (kind === "text") return `${n} ${"é".repeat(length)}`;
  if (kind === "object") return { n, values: Array.from({ length }, (_, index) => index) };
  return n;
}

function isOwnError(error: unknown, { n, kind }: Errand): boolean {
  if (kind === "throw null") return error === null;
  const throws = kind === "throw" || kind === "reject";
  return throws && error instanceof RangeError && error.message === `errand ${n}`;
}
