import type { Executor } from "../executor.ts";
import type { Call, Operation, Policy } from "../policy.ts";
import type { RunOptions } from "../run-options.ts";
import type { Stats } from "../stats.ts";
import type { StreamTask, Task } from "../task.ts";
import type { Traits } from "../traits.ts";
import { CreditGate } from "./credit-gate.ts";
import type { Engine, EngineHost } from "./engine.ts";
import type { ItemSink } from "./item-stream.ts";
import { TaskExecutor } from "./task-executor.ts";
import type { Ending, TaskRun } from "./task-run.ts";

/** What the engine keeps with a run. */
interface Attempts {
  readonly controller: AbortController;
  readonly gate: CreditGate;
}

/** Hands every run to another executor, through a policy. */
class PolicyEngine implements Engine {
  readonly delegates = true;
  readonly traits: Traits;
  readonly mapConcurrency = 64;
  readonly workers = 0;
  readonly restarts = 0;
  readonly #inner: Executor;
  readonly #policy: Policy;
  readonly #live = new Set<TaskRun>();
  #host!: EngineHost;

  constructor(inner: Executor, policy: Policy) {
    this.#inner = inner;
    this.#policy = policy;
    this.traits = inner.traits;
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
    const attempts: Attempts = {
      controller: new AbortController(),
      gate: new CreditGate(run.items?.window ?? 0),
    };
    run.place = attempts;
    this.#live.add(run);
    const next = run.items
      ? this.#streamThrough(run, run.items, attempts.gate)
      : this.#runThrough(run);
    const call: Call = { signal: attempts.controller.signal, attempt: run.attempt };
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
    const { controller, gate } = run.place as Attempts;
    gate.close(reason);
    controller.abort(reason);
  }

  grant(run: TaskRun, credits: number): void {
    (run.place as Attempts).gate.grant(credits);
  }

  live(): Iterable<TaskRun> {
    return this.#live;
  }

  ready(): Promise<void> {
    return this.#inner.ready();
  }

  shutdown(kill: boolean): Promise<void> {
    return this.#inner.close(kill ? { cancel: true, deadline: 0 } : {});
  }

  #runThrough(run: TaskRun): Operation<unknown, unknown> {
    const task = run.task as Task<unknown, unknown>;
    return (input, call) => {
      const options = this.#options(run, call);
      if (!run.patient) {
        this.#started(run);
        return this.#inner.run(task, input, options);
      }
      const job = this.#inner.submit(task, input, options);
      run.delegate = job;
      job.accepted.then(
        () => this.#started(run),
        () => {}, // its result says so too
      );
      return job.result;
    };
  }

  /** What was yielded cannot be taken back: after the first item, a further attempt gets the last one's error. */
  #streamThrough(run: TaskRun, items: ItemSink, gate: CreditGate): Operation<unknown, unknown> {
    const task = run.task as StreamTask<unknown, unknown, unknown>;
    let delivered = false;
    let lastError: unknown;
    return async (input, call) => {
      if (delivered) throw lastError;
      this.#started(run);
      const { window } = items;
      const stream = this.#inner.stream(task, input, { ...this.#options(run, call), window });
      try {
        for (let step = await stream.next(); ; step = await stream.next()) {
          if (step.done) return step.value;
          await gate.take();
          items.push(step.value);
          delivered = true;
        }
      } catch (error) {
        lastError = error;
        throw error;
      } finally {
        await stream.return(undefined);
      }
    };
  }

  /** What the executor inside is told; `signal` and `deadline` are held outside, over all attempts. */
  #options(run: TaskRun, call: Call): RunOptions {
    const { timeout, priority, transfer, retries } = run.options;
    const onProgress = (value: unknown): void => this.#host.progress(run, value);
    const { signal, attempt } = call;
    return { timeout, priority, transfer, retries, onProgress, signal, attempt };
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

/** An executor around another one; what it counts is what that one counts. */
class PolicyExecutor extends TaskExecutor {
  readonly #inner: Executor;

  constructor(inner: Executor, policy: Policy) {
    super({ name: inner.name, engine: new PolicyEngine(inner, policy) });
    this.#inner = inner;
  }

  override stats(): Stats {
    return this.#inner.stats();
  }
}

/** Puts a policy around every task of an executor. */
export function policyExecutor(inner: Executor, policy: Policy): Executor {
  return new PolicyExecutor(inner, policy);
}
