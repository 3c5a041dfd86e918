import { type Executor, InvalidOptionError } from "@quintet/core";
import { duration, type Rule, systemClock, typed, validateOptions } from "@quintet/core/kit";
import { QueueAdmin, type QueueInfo } from "../command-line/queue-admin.ts";
import { type Connection, connectionRule } from "../transport/connection.ts";
import { executorMetrics } from "./executor-metrics.ts";
import { exposition } from "./exposition.ts";
import { queueMetrics } from "./queue-metrics.ts";

/** Options of `prometheus`. All durations are milliseconds. */
export interface MetricsOptions {
  /** The queue's name. */
  readonly queue: string;
  /** Where Redis is. Default: `redis://127.0.0.1:6379`. */
  readonly connection?: Connection | undefined;
  /** Keys in Redis begin with it. Default: `"quintet"`. */
  readonly prefix?: string | undefined;
  /**
   * Executors of this process, each under the name it has in the metrics: what `redis()` gave, or what a worker runs its
   * tasks on. Default: none.
   */
  readonly executors?: Readonly<Record<string, Executor>> | undefined;
  /** How long Redis may take to answer; what it knows is then left out. Default: 2,000. */
  readonly timeout?: number | undefined;
  /** Told of what goes wrong with Redis. Default: nobody. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Metrics for Prometheus. */
export interface Metrics extends AsyncDisposable {
  /** What the header `content-type` has to say. */
  readonly contentType: string;
  /** All metrics of now. Never rejects: `quintet_redis_up` says whether Redis has answered. */
  text(): Promise<string>;
  /** Closes the connection. */
  close(): Promise<void>;
}

const executorsRule: Rule = (value, name) =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((it) => typeof (it as Executor | null)?.stats === "function")
    ? undefined
    : `${name} must be an object of executors`;

/**
 * Gives what Prometheus scrapes: what is in a queue, who serves it, and what executors of this process count and time.
 *
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: a connection, which does not keep the process alive; some ten commands each time.
 *
 * @example
 * ```ts no-run="needs a Redis server"
 * import { createServer } from "node:http";
 * import { prometheus } from "@quintet/redis/prometheus";
 *
 * const metrics = prometheus({ queue: "text" });
 * createServer(async (_, response) => {
 *   response.setHeader("content-type", metrics.contentType).end(await metrics.text());
 * }).listen(9464);
 * ```
 */
export function prometheus(options: MetricsOptions): Metrics {
  const checked = validateOptions<MetricsOptions>("prometheus()", options, {
    queue: typed("string"),
    connection: connectionRule,
    prefix: typed("string"),
    executors: executorsRule,
    timeout: duration(),
    onError: typed("function"),
  });
  if (checked.queue === undefined) throw new InvalidOptionError("prometheus(): queue is missing.");
  return new QueueMetrics(checked);
}

class QueueMetrics implements Metrics {
  readonly contentType = "text/plain; version=0.0.4; charset=utf-8";
  readonly #options: MetricsOptions;
  readonly #admin: QueueAdmin;
  #asked: Promise<QueueInfo> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: MetricsOptions) {
    const { queue, connection = "redis://127.0.0.1:6379", prefix, onError } = options;
    this.#options = options;
    this.#admin = new QueueAdmin(queue, connection, prefix, onError);
    this.#admin.unref();
  }

  async text(): Promise<string> {
    const { queue, executors = {} } = this.#options;
    const info = this.#closed ? undefined : await this.#info();
    return exposition([...queueMetrics(queue, info), ...executorMetrics(executors)]);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#admin.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #info(): Promise<QueueInfo | undefined> {
    const { timeout = 2_000, onError } = this.#options;
    const late = Promise.withResolvers<undefined>();
    const timer = systemClock.after(timeout, () => late.resolve(undefined));
    try {
      return await Promise.race([this.#ask(), late.promise]);
    } catch (error) {
      onError?.(error as Error);
      return undefined;
    } finally {
      timer.cancel();
    }
  }

  /** As long as Redis does not answer one question, it is not asked another. */
  #ask(): Promise<QueueInfo> {
    if (this.#asked) return this.#asked;
    const asked = this.#admin.info();
    this.#asked = asked;
    const forget = (): void => {
      this.#asked = undefined;
    };
    asked.then(forget, forget);
    return asked;
  }
}
