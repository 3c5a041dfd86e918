import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { type CloseOptions, type Executor, InvalidOptionError, type Task } from "@quintet/core";
import {
  duration,
  matching,
  systemClock,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { type Connection, connectionRule } from "./transport/connection.ts";
import type { InMemory } from "./memory/in-memory-connection.ts";
import { queueKeys } from "./transport/queue-keys.ts";
import { transportOf } from "./transport/redis-transport.ts";
import { tasksById } from "./worker/served-tasks.ts";
import { TaskServer } from "./worker/task-server.ts";

/** Tasks as `defineTasks` gives them, or several of such objects in a list. */
export type ServedTasks = { readonly [name: string]: unknown } | readonly unknown[];

/** Options of `serve`. All durations are milliseconds. */
export interface ServeOptions {
  /** The queue's name: 1 to 100 letters, digits, "-", "_" and ".". */
  readonly queue: string;
  /** What it runs. A name that is not among these is left to other workers. */
  readonly tasks: ServedTasks;
  /** The executor that runs them. It stays the caller's, who closes it. */
  readonly on: Executor;
  /** Where Redis is, or what `inMemory()` made. Default: `redis://127.0.0.1:6379`. */
  readonly connection?: Connection | InMemory | undefined;
  /** How many tasks run at a time. Default: 1. */
  readonly concurrency?: number | undefined;
  /** Keys in Redis begin with it. Default: `"quintet"`. */
  readonly prefix?: string | undefined;
  /** For traces and messages. Default: host, process and a random part. */
  readonly name?: string | undefined;
  /** After so long a silence its jobs, and the permits of its tasks, go to others; at least 1,000. Default: 15,000. */
  readonly lease?: number | undefined;
  /**
   * How often a task may lose the whole worker before it is given up, where its caller named no `retries`. Default: 2.
   */
  readonly maxLosses?: number | undefined;
  /** Bytes of an encoded result, or of a value for a channel. Default: 32 MiB. */
  readonly maxResult?: number | undefined;
  /** Serve a Redis that may throw away jobs when its memory is full: another `maxmemory-policy` than `noeviction`. Default: false. */
  readonly allowEviction?: boolean | undefined;
  /** Told of what goes wrong with Redis; the worker goes on and tries again. Default: nobody. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** What serves a queue. */
export interface TaskWorker extends AsyncDisposable {
  readonly name: string;
  /** How many tasks run here now. */
  readonly running: number;
  /** Jobs it has done with, of one or more tasks. */
  readonly jobs: number;
  /** Resolves when it fetches tasks. *Errors*: what Redis refuses it with. */
  ready(): Promise<void>;
  /**
   * Fetches nothing more and finishes what runs; resolves when that is told and all connections are closed.
   *
   * - `deadline`: after so many milliseconds what still runs is aborted, and goes back into the queue.
   * - `cancel`: that happens at once.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Milliseconds an aborted task has to end, before its job is left to the lease. */
const abortGrace = 5_000;

/**
 * Serves a queue: fetches its tasks, runs them on any executor, and sends their results to whoever waits for them.
 * Nothing that comes over the queue names code: only the given tasks run.
 *
 * *Ordering*: by priority, first come first within one, over all clients.
 * *Cancellation*: a client's cancel aborts the task's signal here; what `on` does with one that goes on, it does.
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: three connections, another one when a task first waits for a permit or a value by name. An idle worker asks Redis
 * some twice a second.
 */
export function serve(options: ServeOptions): TaskWorker {
  return new QueueWorker(checkedServeOptions(options));
}

function checkedServeOptions(options: ServeOptions): ServeOptions {
  const checked = validateOptions<ServeOptions>("serve()", options, {
    queue: typed("string"),
    tasks: typed("object"),
    on: matching(
      "an executor",
      (value) => typeof (value as Executor | null)?.submit === "function",
    ),
    connection: connectionRule,
    concurrency: wholeNumber(1),
    prefix: typed("string"),
    name: typed("string"),
    lease: matching(
      "1,000 ms or more",
      (value) => typeof value === "number" && value >= 1_000 && value < 2 ** 31,
    ),
    maxLosses: wholeNumber(0),
    maxResult: wholeNumber(1),
    allowEviction: typed("boolean"),
    onError: typed("function"),
  });
  for (const required of ["queue", "tasks", "on"] as const) {
    if (checked[required] === undefined)
      throw new InvalidOptionError(`serve(): ${required} is missing.`);
  }
  if (tasksById(checked.tasks).size === 0) {
    throw new InvalidOptionError(
      `serve(): tasks has no task in it; give it what defineTasks() made.`,
    );
  }
  return checked;
}

class QueueWorker implements TaskWorker {
  readonly name: string;
  readonly #server: TaskServer;
  readonly #ready: Promise<void>;
  #closed: Promise<void> | undefined;

  constructor(options: ServeOptions) {
    const { connection, concurrency = 1, lease = 15_000 } = options;
    const { maxLosses = 2, maxResult = 32 * 2 ** 20, onError = () => {}, on } = options;
    const { allowEviction = false } = options;
    const id = `w${randomBytes(6).toString("hex")}`;
    this.name = options.name ?? `${hostname()}-${process.pid}-${id.slice(-4)}`;
    const keys = queueKeys(options.queue, options.prefix);
    const linkOptions = { name: this.name, lease, allowEviction, onError };
    const link = transportOf(connection).worker(keys, linkOptions);
    const tasks: Map<string, Task<unknown, unknown>> = tasksById(options.tasks);
    const since = systemClock.date();
    const card = { id, name: this.name, host: hostname(), pid: process.pid, concurrency, since };
    const { queue } = options;
    this.#server = new TaskServer(link, { queue, on, maxResult, card, tasks, maxLosses, onError });
    this.#ready = this.#server.start();
    this.#ready.catch(() => {}); // ready() tells of it
  }

  get running(): number {
    return this.#server.running;
  }

  get jobs(): number {
    return this.#server.jobs;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  async close(options: CloseOptions = {}): Promise<void> {
    const { cancel, deadline } = validateOptions("close()", options, {
      cancel: typed("boolean"),
      deadline: duration(true),
    });
    this.#closed ??= this.#server.stop().catch(() => {});
    const limit = cancel ? 0 : deadline;
    if (limit !== undefined) await this.#within(limit);
    else await this.#closed;
    await this.#server.close();
  }

  /** Waits so long for what runs, then makes it end. */
  async #within(limit: number): Promise<void> {
    const stopped = this.#closed as Promise<void>;
    const first = systemClock.after(limit, () => this.#server.handBack());
    const over = Promise.withResolvers<void>();
    const second = systemClock.after(limit + abortGrace, over.resolve);
    await Promise.race([stopped, over.promise]);
    first.cancel();
    second.cancel();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
