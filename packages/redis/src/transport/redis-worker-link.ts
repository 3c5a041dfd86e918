import { type OwnDesk, systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { bullQueue, type BullJob, type BullQueue, type BullWorker, bullWorker } from "./bull.ts";
import { fetched } from "./bull-jobs.ts";
import { checkEviction } from "./check-eviction.ts";
import { checked } from "./checked.ts";
import { answered, type Connection, connect, lastly } from "./connection.ts";
import { cancelReasons, hearControls } from "./controls.ts";
import { Dependencies, type DependencyState } from "./dependencies.ts";
import { fetchableJobs, FetchWatch } from "./fetch-watch.ts";
import { finishJob, type JobEndings } from "./finish-job.ts";
import { KeptResults } from "./kept-results.ts";
import type { Control, Envelope, WorkerCard } from "./protocol.ts";
import { pushJobs } from "./push-jobs.ts";
import { aloneField, asideField, deadField, type QueueKeys } from "./queue-keys.ts";
import { RedisTime } from "./redis-time.ts";
import { UnreachableError } from "../queue-errors.ts";
import { LateDesk } from "../names/late-desk.ts";
import { isRefusal } from "./refusal.ts";
import { workerCards } from "./worker-cards.ts";
import type {
  FetchedJob,
  JobEnd,
  OutgoingJob,
  WorkerLink,
  WorkerLinkOptions,
} from "./transport.ts";

/** How long a worker counts as alive after its last sign of life. */
const cardLife = 10_000;

/** How long Redis may say nothing of what is asked about names, in milliseconds. */
const patience = 10_000;

/** How long what is sent to a client that is gone stays in Redis. */
const strayLife = 30_000;

/** A worker's way to a queue in Redis: three connections, of which BullMQ blocks one. */
export class RedisWorkerLink implements WorkerLink {
  readonly #keys: QueueKeys;
  readonly #options: WorkerLinkOptions;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #queue: BullQueue;
  readonly #kept: KeptResults;
  readonly #dependencies: Dependencies;
  readonly #endings: JobEndings;
  #worker: BullWorker | undefined;
  #watch: FetchWatch | undefined;
  readonly #drained: PromiseWithResolvers<void> = Promise.withResolvers();
  #jobs = 0;
  #stopping = false;
  #card: string | undefined;
  #subscribed: Promise<unknown> | undefined;
  #desk: LateDesk | undefined;
  readonly #connection: Connection;
  readonly #time = new RedisTime();
  readonly #firstRefusal = Promise.withResolvers<never>();
  /** When Redis last did not let it in, or did not let it fetch. */
  #refused = Number.NEGATIVE_INFINITY;

  constructor(keys: QueueKeys, connection: Connection, options: WorkerLinkOptions) {
    this.#keys = keys;
    this.#options = options;
    this.#connection = connection;
    const onError = (error: Error): void => this.#tell(error);
    this.#commands = connect(connection, onError);
    this.#subscriber = connect(connection, onError);
    this.#queue = bullQueue(keys, this.#commands, onError);
    this.#firstRefusal.promise.catch(() => {}); // whoever waits for it is told
    this.#kept = new KeptResults(this.#commands, keys);
    this.#dependencies = new Dependencies(this.#commands, keys, this.#queue);
    this.#endings = {
      redis: this.#commands,
      keys,
      time: this.#time,
      dependencies: this.#dependencies,
      onError: options.onError,
    };
  }

  async consume(concurrency: number, handle: (job: FetchedJob) => Promise<JobEnd>): Promise<void> {
    const { name, lease, onError } = this.#options;
    if (!this.#options.allowEviction) await checkEviction(this.#commands);
    await this.#subscribed;
    await this.#time.measure(this.#commands);
    // What began now would be stopped by nobody.
    if (this.#stopping) return;
    const take = async (job: BullJob, token: string): Promise<null> => {
      this.#jobs++;
      this.#watch?.fetched();
      try {
        return await finishJob(job, token, await handle(fetched(job, this.#time)), this.#endings);
      } finally {
        if (--this.#jobs === 0 && this.#stopping) this.#drained.resolve();
      }
    };
    const open = (): BullWorker => {
      const worker = bullWorker(this.#keys, this.#commands, { name, concurrency, lease }, take);
      return worker.on("error", (error) => this.#tell(error));
    };
    this.#worker = open();
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(onError);
    this.#watch = new FetchWatch({
      hasRoom: () => this.#jobs < concurrency && !this.#stopping,
      waiting: () => fetchableJobs(this.#commands, this.#keys),
      renew: (waiting) => {
        onError(
          new UnreachableError(
            `Worker ${name} has fetched nothing for a while although ${waiting} jobs wait; it opens a new connection.`,
          ),
        );
        const old = this.#worker;
        this.#worker = open();
        this.#worker.run().catch(onError);
        // What it runs still, it keeps its lease of; where it hangs, nobody waits for it.
        old?.close(this.#jobs === 0).catch(onError);
      },
    });
  }

  #tell(error: Error): void {
    if (isRefusal(error)) {
      this.#refused = systemClock.now();
      this.#desk?.refused(error);
      this.#firstRefusal.reject(error);
    }
    this.#options.onError(error);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#jobs === 0) this.#drained.resolve();
    await Promise.all([this.#worker?.close(), this.#drained.promise]);
  }

  async send(to: string, frames: string): Promise<void> {
    const key = this.#keys.results(to);
    const fields = ["w", this.#options.name, "f", frames] as const;
    if ((await this.#commands.xadd(key, "NOMKSTREAM", "*", ...fields)) !== null) return;
    // The client is gone, or its stream was deleted: then it is there, and reads on.
    await checked(
      this.#commands
        .multi()
        .xadd(key, "*", ...fields)
        .pexpire(key, strayLife)
        .exec(),
    );
  }

  async keep(job: string, result: Parameters<WorkerLink["keep"]>[1]): Promise<void> {
    await this.#kept.keep(job, this.#options.name, result);
    // Its end is safe; those that wait for it are looked at sooner or later in any case.
    await this.#dependencies.wake(job, false).catch(this.#options.onError);
  }

  dependencies(job: string, envelope: Envelope): Promise<DependencyState[]> {
    return this.#dependencies.look(job, envelope);
  }

  async note(job: string, text: string): Promise<void> {
    await this.#queue.addJobLog(job, text);
  }

  async timesAside(job: string): Promise<number> {
    return Number(await this.#commands.hget(this.#keys.job(job), asideField));
  }

  /** What is kept of a dead letter is why it died: once it is back, that is no result. */
  async has(job: string): Promise<boolean> {
    if (!(await this.#kept.has(job))) return false;
    return (await this.#commands.hexists(this.#keys.job(job), deadField)) === 0;
  }

  onControl(listener: (control: Control) => void): void {
    this.#subscribed = hearControls(this.#subscriber, this.#keys, listener);
    this.#subscribed.catch(this.#options.onError);
  }

  push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]> {
    const sent = jobs.map((job) => ({ ...job, envelope: this.#time.sent(job.envelope) }));
    return pushJobs(this.#queue, sent);
  }

  async withdrawn(job: string): Promise<readonly number[]> {
    return (await this.#commands.smembers(this.#keys.withdrawn(job))).map(Number);
  }

  cancelled(tasks: readonly { to: string; n: number }[]): Promise<readonly unknown[]> {
    return cancelReasons(this.#commands, this.#keys, tasks);
  }

  async alone(job: string): Promise<void> {
    await this.#commands.hincrby(this.#keys.job(job), aloneField, 1);
  }

  async lossesAlone(job: string): Promise<number> {
    return Number(await this.#commands.hget(this.#keys.job(job), aloneField));
  }

  async beat(card: WorkerCard): Promise<void> {
    // Who may not fetch serves nobody, and must not keep clients waiting.
    if (this.#card !== undefined && systemClock.now() - this.#refused < cardLife) return;
    void this.#time.measure(this.#commands).catch(() => {}); // again with the next beat
    const signed = [answered(this.#subscriber, this.#subscriber.ping()), this.#sign(card)];
    const first = this.#card === undefined ? [this.#firstRefusal.promise] : [];
    this.#card = card.id;
    await Promise.race([Promise.all([...signed, this.#watch?.look()]), ...first]);
  }

  openDesk(maxValue: number): OwnDesk {
    const { lease, onError } = this.#options;
    const terms = { lease, patience, maxValue, onError };
    this.#desk = new LateDesk(this.#keys.names, this.#commands, this.#connection, terms);
    return this.#desk;
  }

  workers(): Promise<WorkerCard[]> {
    return workerCards(this.#commands, this.#keys);
  }

  #sign(card: WorkerCard): Promise<unknown> {
    const signed = checked(
      this.#commands
        .multi()
        .sadd(this.#keys.workers, card.id)
        .set(this.#keys.worker(card.id), JSON.stringify(card), "PX", cardLife)
        .exec(),
    );
    return answered(this.#commands, signed);
  }

  async close(): Promise<void> {
    const { name, onError } = this.#options;
    const isUp = this.#commands.status === "ready";
    this.#desk?.close(new UnreachableError(`The worker ${name} was closed.`));
    await lastly([this.#subscriber, this.#commands], async () => {
      if (this.#card !== undefined && isUp) {
        const gone = this.#commands.multi().srem(this.#keys.workers, this.#card);
        await gone.del(this.#keys.worker(this.#card)).exec().catch(onError);
      }
      if (isUp) await this.#desk?.gone;
      await this.#worker?.close(true).catch(onError);
      await this.#queue.close().catch(onError);
    });
  }
}
