import type { Executor } from "../../executor.ts";
import type { Call, Operation, Policy } from "../../policy.ts";
import type { RunOptions, TaskOutput } from "../../run-options.ts";
import type { StreamTask, Task } from "../../task.ts";
import type { Traits } from "../../traits.ts";
import type { Engine, EngineHost } from "../runs/engine.ts";
import type { ItemSink } from "../runs/item-stream.ts";
import type { Ending, TaskRun } from "../runs/task-run.ts";

const ignore = (): void => {};

/** Hands every run to another executor, through a policy. */
export class PolicyEngine implements Engine {
  readonly delegate: Executor;
  readonly traits: Traits;
  readonly mapConcurrency = 64;
  readonly workers = 0;
  readonly restarts = 0;
  readonly carries: boolean;
  readonly #policy: Policy;
  readonly #live = new Set<TaskRun>();
  #host!: EngineHost;

  constructor(inner: Executor, policy: Policy) {
    this.delegate = inner;
    this.#policy = policy;
    this.traits = inner.traits;
    this.carries = (inner as Partial<Pick<Engine, "carries">>).carries ?? false;
  }

  attach(host: EngineHost): void {
    this.#host = host;
  }

  // The executor inside checks.
  check(): void {}

  room(): number {
    return Infinity;
  }

  enqueue(run: TaskRun): void {
    const controller = new AbortController();
    run.place = controller;
    this.#live.add(run);
    const { signal } = controller;
    const { attempt } = run;
    const { next, ...about } = run.items
      ? this.#streamThrough(run, run.items)
      : { next: this.#runThrough(run), target: run.task };
    const call: Call = { signal, attempt, ...about };
    // An async function, since a policy may throw where it should reject.
    const operate = async (): Promise<unknown> => this.#policy(next)(run.input, call);
    operate().then(
      (value) => this.#finish(run, { ok: true, value }),
      (value: unknown) => this.#finish(run, { ok: false, value }),
    );
  }

  withdraw(run: TaskRun, reason: unknown): boolean {
    this.#live.delete(run);
    this.stop(run, reason);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    (run.place as AbortController).abort(reason);
  }

  // A stream asks for each item when its reader does; the executor inside reads ahead.
  grant(): void {}

  live(): Iterable<TaskRun> {
    return this.#live;
  }

  ready(): Promise<void> {
    return this.delegate.ready();
  }

  shutdown(kill: boolean): Promise<void> {
    return this.delegate.close(kill ? { cancel: true, deadline: 0 } : {});
  }

  #runThrough(run: TaskRun): Operation<unknown, unknown> {
    const task = run.task as Task<unknown, unknown>;
    return (input, call) => {
      const options = this.#options(run, call);
      if (!run.patient) {
        this.#started(run);
        return this.delegate.run(task, input, options);
      }
      const job = this.delegate.submit(task, input, options);
      run.delegate = job;
      job.accepted.then(() => this.#started(run), ignore); // its result says so too
      return job.result;
    };
  }

  /**
   * What was yielded cannot be taken back: the first attempt that yields is the only one to be heard of. One after
   * it gets its error, one beside it is ended.
   */
  #streamThrough(
    run: TaskRun,
    items: ItemSink,
  ): { next: Operation<unknown, unknown>; isSpent: () => boolean } {
    const task = run.task as StreamTask<unknown, unknown, unknown>;
    let heard: object | undefined;
    let lastError: unknown = new DOMException("Another attempt has yielded.", "AbortError");
    const next: Operation<unknown, unknown> = async (input, call) => {
      if (heard) throw lastError;
      this.#started(run);
      const options = { ...this.#options(run, call), window: items.window };
      const stream = this.delegate.stream(task, input, options);
      try {
        // Asked at once, to have its place in the queue; then only when the reader asks.
        for (let item = stream.next(); ; item = stream.next()) {
          const step = await item;
          if (heard && heard !== stream) throw lastError;
          if (step.done) return step.value;
          heard = stream;
          items.push(step.value);
          await items.demand();
          // Who has left wants nothing more, and what is asked for now would still be made.
          if (run.settled) return undefined;
        }
      } catch (error) {
        if (heard === stream) lastError = error;
        throw error;
      } finally {
        const left = stream.return(undefined);
        // The caller has its answer, and may want to know when the producer has ended.
        if (run.settled) await left;
        else left.catch(ignore);
      }
    };
    return { next, isSpent: () => heard !== undefined };
  }

  /** What the executor inside is told; `signal` and `deadline` are held outside, over all attempts. */
  #options(run: TaskRun, call: Call): RunOptions {
    const { timeout, priority, key, transfer, retries, names } = run.options;
    const onProgress = (value: unknown): void => this.#host.progress(run, value);
    // Only where it is wanted: an executor that cannot do so refuses it.
    const onOutput = run.options.onOutput
      ? (output: TaskOutput): void => this.#host.output(run, output)
      : undefined;
    const { signal, attempt } = call;
    const same = { timeout, priority, key, transfer, retries, names };
    return { ...same, id: run.id, onProgress, onOutput, signal, attempt };
  }

  #started(run: TaskRun): void {
    if (run.started || run.settled) return;
    this.#host.accepted(run);
    this.#host.started(run, run.lane);
  }

  #finish(run: TaskRun, ending: Ending): void {
    if (this.#live.delete(run)) this.#host.finished(run, ending);
  }
}
