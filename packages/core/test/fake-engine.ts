import type { Traits } from "../src/traits.ts";
import type { Engine, EngineHost } from "../src/kit/runs/engine.ts";
import type { Ending, TaskRun } from "../src/kit/runs/task-run.ts";

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

/** What a fake engine does by itself. */
export interface FakeEngineOptions {
  /** How many runs it starts side by side. Default: 1. */
  readonly slots?: number;
  /** Calls the function and reports its end, all inside `enqueue`. Default: a test says when a run ends. */
  readonly immediate?: boolean;
}

/** An engine without functions: runs start where there is a slot, and end when a test says so. */
export class FakeEngine implements Engine {
  readonly traits: Traits = traits;
  readonly mapConcurrency = 2;
  readonly workers = 3;
  restarts = 0;
  readonly queued: TaskRun[] = [];
  readonly running: TaskRun[] = [];
  /** The runs it was asked to stop, and why. */
  readonly stopped: { readonly run: TaskRun; readonly reason: unknown }[] = [];
  /** The arguments of each `shutdown`. */
  readonly shutdowns: boolean[] = [];
  readonly granted: number[] = [];
  /** Called at the start of `withdraw`. */
  onWithdraw: () => void = () => {};
  host!: EngineHost;
  readonly #slots: number;
  readonly #immediate: boolean;

  constructor({ slots = 1, immediate = false }: FakeEngineOptions = {}) {
    this.#slots = slots;
    this.#immediate = immediate;
  }

  attach(host: EngineHost): void {
    this.host = host;
  }

  check(): void {}

  room(running: number): number {
    return this.#slots - running;
  }

  enqueue(run: TaskRun): void {
    this.queued.push(run);
    this.#pump();
  }

  withdraw(run: TaskRun): boolean {
    this.onWithdraw();
    this.queued.splice(this.queued.indexOf(run), 1);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    this.stopped.push({ run, reason });
  }

  grant(_run: TaskRun, credits: number): void {
    this.granted.push(credits);
  }

  live(): Iterable<TaskRun> {
    return [...this.queued, ...this.running];
  }

  async ready(): Promise<void> {}

  async shutdown(kill: boolean): Promise<void> {
    this.shutdowns.push(kill);
  }

  /** Ends the run that started first. */
  complete(value: unknown = "done"): void {
    this.finish({ ok: true, value });
  }

  fail(error: unknown): void {
    this.finish({ ok: false, value: error });
  }

  /** The worker of the run that started first is lost; it is queued again. */
  requeue(why: "retried" | "moved"): void {
    const run = this.running.shift() as TaskRun;
    this.host.requeued(run, why);
    this.enqueue(run);
  }

  finish(ending: Ending): void {
    this.host.finished(this.running.shift() as TaskRun, ending);
    this.#pump();
  }

  #pump(): void {
    while (this.queued.length > 0 && this.running.length < this.#slots) {
      const run = this.queued.shift() as TaskRun;
      this.running.push(run);
      this.host.started(run, "lane 1");
      if (this.#immediate) this.finish(called(run));
    }
  }
}

function called(run: TaskRun): Ending {
  try {
    return { ok: true, value: (run.task as (input: unknown) => unknown)(run.input) };
  } catch (value) {
    return { ok: false, value };
  }
}
