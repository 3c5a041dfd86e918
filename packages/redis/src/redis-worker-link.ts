import { systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import {
  bullQueue,
  type BullJob,
  type BullQueue,
  type BullWorker,
  bullWorker,
  DelayedError,
  UnrecoverableError,
  WaitingError,
} from "./bull.ts";
import { checked } from "./checked.ts";
import { answered, type Connection, connect, lastly } from "./connection.ts";
import { KeptResults } from "./kept-results.ts";
import type { Control, WorkerCard } from "./protocol.ts";
import { pushJobs } from "./push-jobs.ts";
import { aloneField, deadField, type QueueKeys } from "./queue-keys.ts";
import { RedisTime } from "./redis-time.ts";
import { isRefusal } from "./refusal.ts";
import { UnreachableError } from "./queue-errors.ts";
import type {
  FetchedJob,
  JobEnd,
  OutgoingJob,
  WorkerLink,
  WorkerLinkOptions,
} from "./transport.ts";

/** How long a worker counts as alive after its last sign of life. */
const cardLife = 10_000;

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
  #worker: BullWorker | undefined;
  #card: string | undefined;
  #stopped = false;
  #subscribed: Promise<unknown> | undefined;
  readonly #time = new RedisTime();
  readonly #firstRefusal = Promise.withResolvers<never>();
  /** When Redis last did not let it in, or did not let it fetch. */
  #refused = Number.NEGATIVE_INFINITY;

  constructor(keys: QueueKeys, connection: Connection, options: WorkerLinkOptions) {
    this.#keys = keys;
    this.#options = options;
    const onError = (error: Error): void => this.#tell(error);
    this.#commands = connect(connection, onError);
    this.#subscriber = connect(connection, onError);
    this.#queue = bullQueue(keys, this.#commands, onError);
    this.#firstRefusal.promise.catch(() => {}); // whoever waits for it is told
    this.#kept = new KeptResults(this.#commands, keys);
  }

  async consume(concurrency: number, handle: (job: FetchedJob) => Promise<JobEnd>): Promise<void> {
    const { name, lease, onError } = this.#options;
    await this.#checkEviction();
    await this.#subscribed;
    await this.#time.measure(this.#commands);
    // What began now would be stopped by nobody.
    if (this.#stopped) return;
    const settings = { name, concurrency, lease };
    this.#worker = bullWorker(this.#keys, this.#commands, settings, async (job, token) =>
      this.#finish(job, token, await handle(this.#fetched(job))),
    );
    this.#worker.on("error", (error) => this.#tell(error));
    await this.#worker.waitUntilReady();
    this.#worker.run().catch(onError);
  }

  #tell(error: Error): void {
    if (isRefusal(error)) {
      this.#refused = systemClock.now();
      this.#firstRefusal.reject(error);
    }
    this.#options.onError(error);
  }

  #fetched(job: BullJob): FetchedJob {
    return {
      id: job.id ?? "",
      data: this.#time.received(job.data),
      level: job.priority,
      losses: job.stalledCounter,
      deliveries: job.attemptsStarted,
    };
  }

  async #checkEviction(): Promise<void> {
    if (this.#options.allowEviction) return;
    const [, policy = "noeviction"] =
      /^maxmemory_policy:(\S+)/m.exec(await this.#commands.info("memory")) ?? [];
    if (policy === "noeviction") return;
    throw new UnreachableError(
      `Redis may throw away jobs when its memory is full: its maxmemory-policy is ${policy}. ` +
        `Set it to noeviction, or give serve() the option allowEviction.`,
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker?.close();
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

  keep(job: string, result: Parameters<WorkerLink["keep"]>[1]): Promise<void> {
    return this.#kept.keep(job, this.#options.name, result);
  }

  /** What is kept of a dead letter is why it died: once it is back, that is no result. */
  async has(job: string): Promise<boolean> {
    if (!(await this.#kept.has(job))) return false;
    return (await this.#commands.hexists(this.#keys.job(job), deadField)) === 0;
  }

  onControl(listener: (control: Control) => void): void {
    this.#subscriber.on("message", (_, text: string) => {
      let control: unknown;
      try {
        control = JSON.parse(text);
      } catch {
        return; // somebody else's
      }
      if (typeof control === "object" && control !== null) listener(control as Control);
    });
    this.#subscribed = this.#subscriber.subscribe(this.#keys.control);
    this.#subscribed.catch(this.#options.onError);
  }

  push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]> {
    const sent = jobs.map((job) => ({ ...job, envelope: this.#time.sent(job.envelope) }));
    return pushJobs(this.#queue, sent);
  }

  async withdrawn(job: string): Promise<readonly number[]> {
    return (await this.#commands.smembers(this.#keys.withdrawn(job))).map(Number);
  }

  async cancelled(tasks: readonly { to: string; n: number }[]): Promise<readonly unknown[]> {
    if (tasks.length === 0) return [];
    const texts = await this.#commands.mget(tasks.map(({ to, n }) => this.#keys.cancelled(to, n)));
    return texts.map((text) => (text === null ? undefined : (JSON.parse(text) as unknown[])[0]));
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
    await Promise.race([Promise.all(signed), ...first]);
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

  /** Tells BullMQ what becomes of a job, in the ways it has for that. */
  async #finish(job: BullJob, token: string, end: JobEnd): Promise<null> {
    if (end.type === "done") return null;
    if (end.type === "dead") {
      // Whoever puts it back, perhaps from a dashboard, has it tried as if it were new.
      const key = this.#keys.job(job.id ?? "");
      await checked(
        this.#commands.multi().hdel(key, aloneField, "stc", "ats").hset(key, deadField, 1).exec(),
      );
      throw new UnrecoverableError(end.reason);
    }
    if (end.envelope) await job.updateData(this.#time.sent(end.envelope));
    await this.#commands.hdel(this.#keys.job(job.id ?? ""), aloneField);
    if (end.delay > 0) {
      await job.moveToDelayed(systemClock.date() + end.delay, token);
      throw new DelayedError();
    }
    await job.moveToWait(token);
    // BullMQ wakes nobody for a job with a priority that comes back.
    await this.#commands.zadd(this.#keys.job("marker"), 0, "0");
    throw new WaitingError();
  }

  async close(): Promise<void> {
    const { onError } = this.#options;
    const isUp = this.#commands.status === "ready";
    await lastly([this.#subscriber, this.#commands], async () => {
      if (this.#card !== undefined && isUp) {
        const gone = this.#commands.multi().srem(this.#keys.workers, this.#card);
        await gone.del(this.#keys.worker(this.#card)).exec().catch(onError);
      }
      await this.#worker?.close(true).catch(onError);
      await this.#queue.close().catch(onError);
    });
  }
}
