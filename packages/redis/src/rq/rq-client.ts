import { randomUUID } from "node:crypto";
import { ClosedError, InvalidOptionError } from "@quintet/core";
import {
  duration,
  matching,
  onAbort,
  type Rules,
  systemClock,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { connect, connectionRule, lastly } from "../transport/connection.ts";
import { UnreachableError } from "../queue-errors.ts";
import { isRefusal } from "../transport/refusal.ts";
import { SocketHold } from "../transport/socket-hold.ts";
import { RqReader } from "./rq-reader.ts";
import type { RqClient, RqJob, RqOptions, RqRunOptions } from "./rq-types.ts";
import type { RqWait } from "./rq-wait.ts";
import { cancelScript, jobFields, rqKeys, sendScript } from "./rq-wire.ts";

/** Milliseconds between two tries to stop a job, and how many there are: RQ ignores one that comes too early. */
const stopEvery = 100;
const stopTries = 50;

const runRules: Rules<RqRunOptions> = {
  kwargs: typed("object"),
  signal: matching("an AbortSignal", (value) => value instanceof AbortSignal),
  timeout: duration(),
  id: matching("1 to 200 letters, digits, _ and -", (value) =>
    /^[\w-]{1,200}$/.test(String(value)),
  ),
  resultTtl: duration(),
  failureTtl: duration(),
};

/**
 * Makes a client of RQ, the queue of Python: its workers run functions that are called by name. They have to be started
 * with `--serializer rq.serializers.JSONSerializer`, since pickle is refused. Experimental; tested with RQ 1.13.
 *
 * *Cancellation*: what waits leaves the queue; what runs is stopped with RQ's own command.
 * *Errors*: `INVALID_OPTION`.
 * *Cost*: two connections, which keep the process alive only while something is waited for.
 *
 * @example
 * ```ts no-run="needs a Redis server, and a worker of RQ"
 * import { rq } from "@quintet/redis/rq";
 *
 * await using python = rq({ queue: "default" });
 * console.log(await python.run("math.pow", [2, 10])); // => 1024
 * ```
 */
export function rq(options: RqOptions): RqClient {
  const checked = validateOptions<RqOptions>("rq()", options, {
    queue: typed("string"),
    connection: connectionRule,
    sendTimeout: duration(),
    noWorkersTimeout: duration(),
  });
  if (checked.queue === undefined) throw new InvalidOptionError("rq(): queue is missing.");
  return new Client(checked);
}

class Client implements RqClient {
  readonly #queue: string;
  readonly #sendTimeout: number;
  readonly #commands: Redis;
  readonly #blocking: Redis;
  readonly #hold: SocketHold;
  readonly #reader: RqReader;
  readonly #waits = new Map<string, RqWait>();
  /** What keeps the process alive: results that are waited for, and jobs that are being stopped. */
  readonly #live = new Set<Promise<unknown>>();
  #refusal: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: RqOptions) {
    const { queue, connection = "redis://127.0.0.1:6379" } = options;
    const { sendTimeout = 10_000, noWorkersTimeout = 60_000 } = options;
    this.#queue = queue;
    this.#sendTimeout = sendTimeout;
    const onError = (error: Error): void => {
      if (!isRefusal(error)) return;
      this.#refusal = error;
      for (const wait of [...this.#waits.values()]) this.#settle(wait, { error: this.#refused() });
    };
    this.#commands = connect(connection, onError);
    this.#blocking = connect(connection, onError);
    this.#hold = new SocketHold(this.#commands, this.#blocking);
    this.#hold.set(false);
    this.#reader = new RqReader(this.#blocking, this.#waits, { queue, noWorkersTimeout });
  }

  run<Output>(name: string, args?: readonly unknown[], options?: RqRunOptions): Promise<Output> {
    try {
      return this.submit<Output>(name, args, options).result;
    } catch (error) {
      // oxlint-disable-next-line promise/prefer-promise-reject-errors -- it is the caller's own
      return Promise.reject(error);
    }
  }

  submit<Output>(
    name: string,
    args: readonly unknown[] = [],
    options?: RqRunOptions,
  ): RqJob<Output> {
    const checked = validateOptions<RqRunOptions>("rq.run", options, runRules);
    if (!/^[\w.]+$/.test(name)) throw new InvalidOptionError(`name must be dotted, got ${name}.`);
    if (this.#closed) throw new ClosedError("The client of RQ is closed.");
    if (this.#refusal) throw this.#refused();
    const { signal, id = randomUUID() } = checked;
    signal?.throwIfAborted();
    const fields = jobFields(this.#queue, name, args, checked, systemClock.date());
    if (this.#waits.has(id)) throw new InvalidOptionError(`The job ${id} is waited for already.`);
    const result = Promise.withResolvers<Output>();
    result.promise.catch(() => {}); // whoever asks hears of it
    const wait: RqWait = {
      id,
      name,
      since: systemClock.now(),
      isSent: false,
      last: "0-0",
      missing: false,
      settle: (end) => {
        registration?.leave();
        if ("value" in end) result.resolve(end.value as Output);
        else result.reject(end.error);
      },
    };
    const cancel = (reason: unknown): void => this.#cancel(wait, reason);
    this.#waits.set(id, wait);
    const registration = signal && onAbort(signal, cancel);
    this.#keepAlive(result.promise);
    this.#keepAlive(this.#send(wait, fields));
    return {
      id,
      result: result.promise,
      cancel: (reason = new DOMException("The job was cancelled.", "AbortError")) => cancel(reason),
    };
  }

  async close({ cancel = false }: { readonly cancel?: boolean | undefined } = {}): Promise<void> {
    this.#closed ??= this.#close();
    if (cancel) {
      for (const wait of [...this.#waits.values()])
        this.#cancel(wait, new ClosedError("The client of RQ is closed."));
    }
    await this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    while (this.#waits.size > 0) await Promise.race(this.#live).catch(() => {});
    // What was cancelled is still being stopped.
    await lastly([this.#blocking, this.#commands], () => Promise.allSettled(this.#live));
  }

  #keepAlive(work: Promise<unknown>): void {
    this.#live.add(work);
    this.#hold.set(true);
    const ended = (): void => {
      this.#live.delete(work);
      if (this.#live.size === 0) this.#hold.set(false);
    };
    work.then(ended, ended);
  }

  /** Never rejects. */
  async #send(wait: RqWait, fields: readonly (string | Buffer)[]): Promise<void> {
    const { id } = wait;
    const late = systemClock.after(this.#sendTimeout, () => {
      const message = `Redis has not taken ${wait.name} within ${this.#sendTimeout} ms.`;
      this.#cancel(wait, new UnreachableError(message));
    });
    try {
      const keys = [rqKeys.job(id), rqKeys.queue(this.#queue), rqKeys.queues];
      await this.#commands.eval(sendScript, 3, ...keys, id, ...fields);
      wait.isSent = true;
      if (this.#waits.size > 0) this.#reader.start();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "";
      const error = new UnreachableError(`Redis has not taken ${wait.name}: ${why}`, { cause });
      this.#settle(wait, { error });
    } finally {
      late.cancel();
    }
  }

  #cancel(wait: RqWait, reason: unknown): void {
    if (!this.#settle(wait, { error: reason })) return;
    this.#keepAlive(this.#stop(wait.id).catch(() => {})); // the caller has its answer
  }

  /** Commands go out in their order: where the job is not there, it has ended. */
  async #stop(id: string): Promise<void> {
    const keys = [rqKeys.job(id), rqKeys.queue(this.#queue)];
    for (let tries = 0; tries < stopTries; tries++) {
      const answer = (await this.#commands.eval(cancelScript, 2, ...keys, id)) as [string, string];
      const [status, worker] = answer;
      if ((status !== "queued" && status !== "started") || this.#commands.status === "end") return;
      if (status === "started" && worker !== "") {
        const command = JSON.stringify({ command: "stop-job", job_id: id });
        // Never a second one: a worker that has stopped the job already would kill its own process group (RQ 1.13).
        if ((await this.#commands.publish(rqKeys.control(worker), command)) > 0) return;
      }
      await new Promise<void>((resolve) => systemClock.after(stopEvery, resolve));
    }
  }

  #settle(wait: RqWait, end: { value: unknown } | { error: unknown }): boolean {
    const isWaited = this.#waits.delete(wait.id);
    if (isWaited) wait.settle(end);
    return isWaited;
  }

  #refused(): UnreachableError {
    const cause = this.#refusal;
    return new UnreachableError(`Redis refuses the client of RQ: ${cause?.message}.`, { cause });
  }
}
