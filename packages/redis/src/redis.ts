import { randomBytes } from "node:crypto";
import {
  InvalidOptionError,
  type Executor,
  type Inputs,
  type Outcome,
  type Results,
  type StreamTask,
  type Task,
} from "@quintet/core";
import { duration, typed, validateOptions, wholeNumber } from "@quintet/core/kit";
import { type Connection, connectionRule } from "./transport/connection.ts";
import type { InMemory } from "./memory/in-memory-connection.ts";
import { queueKeys } from "./transport/queue-keys.ts";
import type { QueueMapOptions } from "./client/queue-map-options.ts";
import type { QueueRunOptions } from "./client/queue-run-options.ts";
import { RedisEngine } from "./client/redis-engine.ts";
import {
  RedisExecutor,
  type RepeatOptions,
  type SendOptions,
  type SentTask,
  type SubmittedJob,
} from "./client/redis-executor.ts";
import type { QueueJob } from "./client/queue-job.ts";
import { transportOf } from "./transport/redis-transport.ts";
import type { Repeat } from "./client/repeat.ts";

/** Options of `redis`. All durations are milliseconds. */
export interface RedisOptions {
  /** The queue's name: 1 to 100 letters, digits, "-", "_" and ".". */
  readonly queue: string;
  /** Where Redis is, or what `inMemory()` made. Default: `redis://127.0.0.1:6379`. */
  readonly connection?: Connection | InMemory | undefined;
  /** Keys in Redis begin with it. Default: `"quintet"`. */
  readonly prefix?: string | undefined;
  /** How many accepted tasks of this client may wait for their start. Default: any number. */
  readonly maxQueue?: number | undefined;
  /** How long a task may wait until Redis has it; then it rejects with `UNREACHABLE`. Default: 10,000. */
  readonly sendTimeout?: number | undefined;
  /** How long tasks wait while nobody serves the queue; then they reject with `NO_WORKERS`. Default: 60,000. */
  readonly noWorkersTimeout?: number | undefined;
  /** Bytes of an encoded input, or of a value for a channel. Default: 32 MiB. */
  readonly maxInput?: number | undefined;
}

/** Options of a queue's `stream`. */
export interface QueueStreamOptions extends QueueRunOptions {
  /** How many items may wait for the consumer before the producer is paused. Default: 16. */
  readonly window?: number | undefined;
}

/** An executor whose tasks run on the workers of a queue. */
export interface RedisQueue extends Executor {
  run<Output>(
    task: Task<void, Output>,
    input?: undefined,
    options?: QueueRunOptions,
  ): Promise<Output>;
  run<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: QueueRunOptions,
  ): Promise<Output>;
  submit<Output>(
    task: Task<void, Output>,
    input?: undefined,
    options?: QueueRunOptions,
  ): SubmittedJob<Output>;
  submit<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: QueueRunOptions,
  ): SubmittedJob<Output>;
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options: QueueMapOptions<NoInfer<Input>> & { readonly settle: true },
  ): Results<Outcome<Output>>;
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options?: QueueMapOptions<NoInfer<Input>> & { readonly settle?: false | undefined },
  ): Results<Output>;
  stream<Output, Item>(
    task: StreamTask<void, Output, Item>,
    input?: undefined,
    options?: QueueStreamOptions,
  ): AsyncGenerator<Item, Output, void>;
  stream<Input, Output, Item>(
    task: StreamTask<Input, Output, Item>,
    input: NoInfer<Input>,
    options?: QueueStreamOptions,
  ): AsyncGenerator<Item, Output, void>;

  /**
   * Sends a task and waits for nothing but that Redis has it: nobody is told its result. One that fails goes to the dead
   * letters. With an `id` or a `resultTtl` its result is kept, and `job(id)` finds it.
   *
   * *Errors*: `NOT_CLONEABLE`, `TOO_LARGE`, `UNREACHABLE`, `INVALID_OPTION`, `NOT_SUPPORTED`.
   */
  send<Output>(
    task: Task<void, Output>,
    input?: undefined,
    options?: SendOptions,
  ): Promise<SentTask>;
  send<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: SendOptions,
  ): Promise<SentTask>;

  /** A task that was sent under an id, by any process. Asks Redis nothing yet. */
  job(id: string): QueueJob;

  /**
   * Sends a task again and again, under an id: a second call changes when, or what. BullMQ's job schedulers do it, and
   * only while somebody serves the queue.
   *
   * *Errors*: those of `send`.
   */
  repeat<Input, Output>(
    id: string,
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    when: Repeat,
    options?: RepeatOptions,
  ): Promise<void>;

  /** Ends that; false when nothing of the id was repeated. */
  stopRepeating(id: string): Promise<boolean>;
}

/**
 * Makes an executor whose tasks run on other machines: whatever `serve()` runs for the queue. Any number of clients
 * and workers may come and go. It connects at once, and keeps its process alive only while tasks are under way.
 *
 * *Ordering*: by priority, first come first within one, over all clients of the queue.
 * *Cancellation*: what has not started leaves the queue; what runs is aborted on its worker.
 * *Errors*: `INVALID_OPTION`; its runs also reject with `UNREACHABLE`, `NO_WORKERS`, `RESULT_LOST`, `EXPIRED`,
 * `START_TIMEOUT`, `TOO_LARGE`, `MALFORMED`.
 * *Cost*: two connections; some 35 Redis commands a task, nearly all of them BullMQ's. Another connection when it first waits
 * for a permit or a value by name.
 */
export function redis(options: RedisOptions): RedisQueue {
  const checked = validateOptions<RedisOptions>("redis()", options, {
    queue: typed("string"),
    connection: connectionRule,
    prefix: typed("string"),
    maxQueue: wholeNumber(0, true),
    sendTimeout: duration(),
    noWorkersTimeout: duration(),
    maxInput: wholeNumber(1),
  });
  const { queue, connection, maxQueue } = checked;
  const { sendTimeout = 10_000, noWorkersTimeout = 60_000, maxInput = 32 * 2 ** 20 } = checked;
  if (queue === undefined) throw new InvalidOptionError("redis(): queue is missing.");
  const client = `c${randomBytes(6).toString("hex")}`;
  const transport = transportOf(connection);
  const link = transport.client(queueKeys(queue, checked.prefix), client, sendTimeout);
  const limits = { sendTimeout, noWorkersTimeout, maxInput };
  const terms = { client, queue, ...limits };
  const engine = new RedisEngine(link, transport.traits, terms);
  // Ids begin with the name, and must be nobody else's.
  return new RedisExecutor({ name: `${queue}@${client}`, engine, maxQueue }, link, terms);
}
