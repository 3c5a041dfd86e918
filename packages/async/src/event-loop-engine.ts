import { isTask, type Task, type Traits } from "@quintet/core";
import {
  CreditGate,
  drive,
  type Ending,
  type Engine,
  type EngineHost,
  loadTask,
  type RunContext,
  type Runnable,
  type TaskCall,
  type TaskRun,
  waitWatch,
  HostedContext,
} from "@quintet/core/kit";
import PQueue from "p-queue";
import { QueueGate } from "./queue-gate.ts";
import { type SlotOptions, TaskQueue } from "./task-queue.ts";

/** How often tasks may start. */
export interface Rate {
  /** How many may start in any stretch of `interval`. */
  readonly limit: number;
  /** Milliseconds, at most 2^31 - 1, which is 24 days. */
  readonly interval: number;
}

/** What the engine keeps with a run. */
interface Place {
  readonly gate: QueueGate;
  readonly credits: CreditGate;
  context?: RunContext;
}

const traits: Traits = {
  isolation: "none",
  parallel: false,
  preemptive: false,
  durable: false,
  values: "reference",
  closures: true,
  inline: true,
  transfer: true,
  sharedMemory: true,
  keyed: false,
  output: false,
};

/** How many tasks a map keeps under way where nothing limits them. */
const unlimitedMap = 64;

/** Runs tasks here, as many side by side as p-queue lets start. */
export class EventLoopEngine implements Engine {
  readonly traits: Traits = traits;
  readonly mapConcurrency: number;
  readonly workers = 0;
  readonly restarts = 0;
  readonly #concurrency: number;
  readonly #queue: PQueue<TaskQueue, SlotOptions>;
  readonly #live = new Set<TaskRun>();
  readonly #loaded = new WeakMap<Runnable, TaskCall>();
  #host!: EngineHost;

  constructor(concurrency: number, rate: Rate | undefined) {
    this.#concurrency = concurrency;
    this.mapConcurrency = Math.min(concurrency, unlimitedMap);
    const limits = rate && { intervalCap: rate.limit, interval: rate.interval, strict: true };
    this.#queue = new PQueue({ concurrency, queueClass: TaskQueue, ...limits });
  }

  attach(host: EngineHost): void {
    this.#host = host;
  }

  check(): void {}

  // p-queue starts what it can at once: while any task waits, no more can start.
  room(running: number): number {
    return this.#queue.size > 0 ? 0 : this.#concurrency - running;
  }

  enqueue(run: TaskRun): void {
    const gate = new QueueGate();
    run.place = { gate, credits: new CreditGate(run.items?.window ?? 0) } satisfies Place;
    this.#live.add(run);
    const options: SlotOptions = { priority: run.priority, signal: gate as unknown as AbortSignal };
    this.#queue
      .add(() => this.#execute(run), options)
      .catch((value: unknown) => {
        // Of one that the gate took out the run knows. A queue that fails must not let it hang.
        if (this.#live.delete(run)) this.#host.finished(run, { ok: false, value });
      });
  }

  withdraw(run: TaskRun, reason: unknown): boolean {
    this.#live.delete(run);
    (run.place as Place).gate.abort(reason);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    const { credits, context } = run.place as Place;
    credits.close(reason);
    context?.cancel(reason);
  }

  grant(run: TaskRun, credits: number): void {
    (run.place as Place).credits.grant(credits);
  }

  live(): Iterable<TaskRun> {
    return this.#live;
  }

  async ready(): Promise<void> {}

  async shutdown(): Promise<void> {}

  /** Holds the slot until the function has ended, whether or not somebody still waits for it. Never rejects. */
  async #execute(run: TaskRun): Promise<void> {
    const place = run.place as Place;
    const context = new HostedContext(run, this.#host);
    place.context = context;
    this.#host.started(run, this.#host.name);
    let ending: Ending;
    try {
      const value = await this.#call(run, context, place.credits);
      ending = { ok: true, value };
    } catch (value) {
      ending = { ok: false, value };
    }
    context.end();
    this.#live.delete(run);
    this.#host.finished(run, ending);
  }

  async #call(run: TaskRun, context: RunContext, credits: CreditGate): Promise<unknown> {
    const { task, items } = run;
    const call = needsLoading(task) ? await this.#load(task) : (task as TaskCall);
    if (context.cancelled) throw context.reason;
    const watch = waitWatch.current;
    const returned = watch
      ? watch.runAs(`${run.taskId} (${run.id})`, () => call(run.input, context))
      : call(run.input, context);
    if (!items) return drive(returned, context);
    return drive(returned, context, (item) => {
      const paused = credits.take();
      if (!paused) return items.push(item);
      return paused.then(() => items.push(item));
    });
  }

  // What failed is not kept: each run gets an error of its own.
  async #load(task: Task<never, unknown>): Promise<TaskCall> {
    const call = this.#loaded.get(task) ?? (await loadTask(task.id, task.origin));
    this.#loaded.set(task, call);
    return call;
  }
}

/** A task of a module that was never imported here. */
function needsLoading(task: Runnable): task is Task<never, unknown> {
  return isTask(task) && task.origin.kind === "export";
}
