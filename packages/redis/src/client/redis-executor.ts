import { randomInt, randomUUID } from "node:crypto";
import { isQuintetError, type Job, type Task } from "@quintet/core";
import {
  anyNumber,
  matching,
  type Rules,
  runRules,
  systemClock,
  TaskExecutor,
  type TaskExecutorOptions,
  typed,
  validateOptions,
} from "@quintet/core/kit";
import { encodeInput, keepTime, type PrepareOptions, versionOf } from "./prepare-run.ts";
import { priorityLevel } from "./priority-level.ts";
import type { Envelope } from "../transport/protocol.ts";
import { UnreachableError } from "../queue-errors.ts";
import { FoundQueueJob, type QueueJob } from "./queue-job.ts";
import { jobOfId } from "../transport/kept-results.ts";
import {
  type QueueOptions,
  queueRules,
  type QueueRunOptions,
  sendingTerms,
} from "./queue-run-options.ts";
import type { Repeat } from "./repeat.ts";
import type { RedisEngine } from "./redis-engine.ts";
import { activeTrace } from "../trace-context.ts";
import type { ClientLink } from "../transport/transport.ts";

/** Options of `send`. All durations are milliseconds. */
export interface SendOptions extends Omit<QueueOptions, "startTimeout"> {
  /** Nothing is sent as long as a task of the same id is in the queue, or its result is kept. Default: a new one. */
  readonly id?: string | undefined;
  /** Longest running time. Default: none. */
  readonly timeout?: number | undefined;
  /** Higher first. Default: 0. */
  readonly priority?: number | undefined;
  /** How often it may lose its worker. Default: what the worker allows. */
  readonly retries?: number | undefined;
}

/** Options of `repeat`, for each time. All durations are milliseconds. */
export type RepeatOptions = Pick<SendOptions, "timeout" | "priority" | "retries" | "retry">;

/** The handle of a task that was submitted to a queue. */
export interface SubmittedJob<Output> extends Job<Output> {
  /**
   * Resolves when Redis has the task: true when one of its `id` was there already, or its result, so that nothing was sent
   * and `result` is that of the first. Rejects like `result` when Redis never gets it.
   */
  readonly deduped: Promise<boolean>;
}

/** A task that Redis has. */
export interface SentTask {
  /** What `job()` finds it by. */
  readonly id: string;
  /** A task of this id was there already, so nothing was sent. */
  readonly deduped: boolean;
}

const repeatRules: Rules<RepeatOptions> = {
  timeout: runRules.timeout,
  priority: anyNumber,
  retries: runRules.retries,
  retry: queueRules.retry,
};

const sendRules: Rules<SendOptions> = {
  ...repeatRules,
  delay: queueRules.delay,
  at: queueRules.at,
  expires: queueRules.expires,
  resultTtl: queueRules.resultTtl,
  dependsOn: queueRules.dependsOn,
  ignoreFailures: queueRules.ignoreFailures,
  id: typed("string"),
};

const repeatRule = matching("{ every: milliseconds } or { cron, timeZone }", (value) => {
  const { every, cron, timeZone } = Object(value) as Record<string, unknown>;
  const isInterval = typeof every === "number" && every >= 1 && cron === undefined;
  const isCron = typeof cron === "string" && every === undefined;
  return (isInterval || isCron) && (timeZone === undefined || typeof timeZone === "string");
});

/** What a queue offers beside what every executor does. */
export class RedisExecutor extends TaskExecutor {
  readonly #link: ClientLink;
  readonly #engine: RedisEngine;
  readonly #terms: PrepareOptions;

  constructor(
    options: TaskExecutorOptions & { readonly engine: RedisEngine },
    link: ClientLink,
    terms: PrepareOptions,
  ) {
    super(options);
    this.#link = link;
    this.#engine = options.engine;
    this.#terms = terms;
  }

  override submit<Input, Output>(
    task: Task<Input, Output>,
    input?: Input,
    options?: QueueRunOptions,
  ): SubmittedJob<Output> {
    const run = this.launch({ method: "submit", task, input, options });
    let deduped: Promise<boolean> | undefined;
    return Object.defineProperty(run, "deduped", {
      get: () => (deduped ??= this.#engine.wasDeduped(run)),
    }) as unknown as SubmittedJob<Output>;
  }

  async send<Input>(
    task: Task<Input, unknown>,
    input?: Input,
    options?: SendOptions,
  ): Promise<SentTask> {
    const checked = validateOptions<SendOptions>(`${this.name}.send`, options, sendRules);
    const { id = randomUUID(), priority = 0 } = checked;
    const { envelope, delay } = this.#envelope(task, input, checked, id);
    const job = { id: jobOfId(id), envelope, level: priorityLevel(priority), delay };
    let isGivenUp = false;
    try {
      return await this.#ask(async () => {
        const { kept, task: known } = await this.#link.kept(job.id);
        const isKept = kept !== undefined;
        const isThere = !isKept && known !== undefined && !(await this.#removeDead(job.id));
        const deduped = isGivenUp || isKept || isThere;
        const [error] = deduped ? [] : await this.#link.push([job]);
        // Its sender was told that Redis does not have it.
        if (isGivenUp && !deduped) await this.#link.remove(job.id);
        if (error) throw error;
        return { id, deduped };
      });
    } catch (error) {
      isGivenUp = true;
      throw error;
    }
  }

  /** A dead letter would keep out all that are sent under its id. */
  async #removeDead(job: string): Promise<boolean> {
    const [look] = await this.#link.look([job]);
    return typeof look === "object" && this.#link.remove(job);
  }

  job(id: string): QueueJob {
    return new FoundQueueJob(this.#link, id);
  }

  async repeat<Input>(
    id: string,
    task: Task<Input, unknown>,
    input: Input,
    when: Repeat,
    options?: RepeatOptions,
  ): Promise<void> {
    const checked = validateOptions(`${this.name}.repeat`, options, repeatRules);
    const rules = { id: typed("string"), when: repeatRule };
    validateOptions(`${this.name}.repeat`, { id, when }, rules);
    const { envelope } = this.#envelope(task, input, checked, id);
    const level = priorityLevel(checked.priority ?? 0);
    await this.#ask(() => this.#link.repeat(jobOfId(id), when, envelope, level));
  }

  async stopRepeating(id: string): Promise<boolean> {
    return this.#ask(() => this.#link.stopRepeating(jobOfId(id)));
  }

  #envelope(
    task: Task<never, unknown>,
    input: unknown,
    options: SendOptions,
    id: string,
  ): { readonly envelope: Envelope; readonly delay: number } {
    this.#engine.check(task, {});
    const now = systemClock.date();
    const { json } = encodeInput(task.id, input, this.#terms);
    const { terms, delay } = sendingTerms(task.id, options, now);
    const isKept = options.id !== undefined || options.resultTtl !== undefined;
    // A number that a cancel finds it by: it has no client to count it.
    const trace = activeTrace();
    const items = [{ n: randomInt(2 ** 47), input: json, id, ...(trace && { trace }) }];
    const envelope = { ...terms, ...versionOf(task), to: null, at: now, items };
    return { envelope: isKept ? { ...envelope, keep: keepTime(options) } : envelope, delay };
  }

  /** Keeps the process alive meanwhile, and says who did not answer. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await this.#link.during(question);
    } catch (cause) {
      if (isQuintetError(cause)) throw cause;
      const why = cause instanceof Error ? cause.message : "";
      throw new UnreachableError(`${this.name} could not ask Redis: ${why}`, { cause });
    }
  }
}
