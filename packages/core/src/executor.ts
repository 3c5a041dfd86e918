import type { Job } from "./job.ts";
import type { LiveTask } from "./live-task.ts";
import type { Names } from "./names.ts";
import type { Outcome, Results } from "./results.ts";
import type { CloseOptions, MapOptions, RunOptions, StreamOptions } from "./run-options.ts";
import type { Stats } from "./stats.ts";
import type { TaskContext } from "./task-context.ts";
import type { ResultOf, StreamTask, Task, YieldOf } from "./task.ts";
import type { Traits } from "./traits.ts";

/** The inputs of a map: any iterable, also an endless one; read lazily. */
export type Inputs<Input> = Iterable<Input> | AsyncIterable<Input>;

/**
 * A place where tasks run. Every accepted task settles exactly once: with its value, its own error,
 * or a `QuintetError`.
 *
 * No method throws: what is wrong with a call rejects its promise, or ends its iteration.
 * Its `semaphore` and `channel` are those its tasks find by the same names in their context. They end with it, but for
 * those of a queue, which other processes may use.
 */
export interface Executor extends AsyncDisposable, Names {
  /** For traces and messages. */
  readonly name: string;
  /** What it promises beyond this interface. */
  readonly traits: Traits;

  /**
   * Runs a task and gives its result. A generator's yields are passed over.
   *
   * *Ordering*: tasks start by priority, first come first within one.
   * *Cancellation*: rejects at once with `signal.reason`. A task that waits is never started. One that runs
   * sees `context.signal`; it keeps its slot until it has ended, and preemptive executors stop its worker
   * `grace` milliseconds later.
   * *Errors*: the task's own, `TIMEOUT`, `QUEUE_FULL`, `CLOSED`, `WORKER_LOST`, `WORKER_START_FAILED`,
   * `TASK_NOT_FOUND`, `TASK_LOAD_FAILED`, `NOT_CLONEABLE`, `NOT_SUPPORTED`, `INVALID_OPTION`.
   */
  run<Output>(task: Task<void, Output>, input?: undefined, options?: RunOptions): Promise<Output>;
  run<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Promise<Output>;

  /** Like `run`, but gives a handle at once, and waits for room where the queue is full. */
  submit<Output>(task: Task<void, Output>, input?: undefined, options?: RunOptions): Job<Output>;
  submit<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Job<Output>;

  /**
   * Runs a task for every input. Nothing starts before the results are read, and inputs are read only
   * `window` ahead of the consumer, so an endless iterable is fine.
   *
   * *Ordering*: results come in the order of the inputs, unless `ordered` is false.
   * *Cancellation*: leaving the loop, or the first error, cancels what runs and closes the input.
   * *Errors*: those of `run`; the first one ends the iteration where its result would have come, or,
   * with `settle`, each is yielded as an outcome.
   */
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options: MapOptions & { readonly settle: true },
  ): Results<Outcome<Output>>;
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options?: MapOptions & { readonly settle?: false | undefined },
  ): Results<Output>;

  /**
   * Iterates over what a generator task yields; the iteration's return value is the task's result.
   * Nothing starts before the first `next()`. The producer is paused when `window` items wait.
   *
   * *Cancellation*: leaving the loop ends the producer; its `finally` has run when the loop is left.
   * *Errors*: those of `run`, after the items that came before.
   */
  stream<Output, Item>(
    task: StreamTask<void, Output, Item>,
    input?: undefined,
    options?: StreamOptions,
  ): AsyncGenerator<Item, Output, void>;
  stream<Input, Output, Item>(
    task: StreamTask<Input, Output, Item>,
    input: NoInfer<Input>,
    options?: StreamOptions,
  ): AsyncGenerator<Item, Output, void>;

  /**
   * The tasks that it has not done with, as of now: which, since when, on which worker. A cancelled task is there until
   * its function has ended; one that is kept back by a policy is not, until the executor inside has it.
   *
   * *Ordering*: what runs, the longest first; then what is queued, in the order of the queue; then what waits for room.
   * *Cost*: nothing before it is called; then that of the list.
   */
  tasks(): readonly LiveTask[];

  /** Counts of tasks and workers, as of now, and how long tasks waited and ran so far. */
  stats(): Stats;

  /** Resolves when the workers that are kept in any case are up. */
  ready(): Promise<void>;

  /**
   * Takes nothing new and finishes what was accepted; resolves when all tasks have ended and all workers
   * are gone. A second call may add `cancel` or `deadline`.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** A function that needs no input, or does without. */
type Callable<Returned> = (input: undefined, context: TaskContext) => Returned;

/** A function of one input. */
type CallableWith<Input, Returned> = (input: Input, context: TaskContext) => Returned;

/** `never` for a function that yields nothing, so that `stream` refuses it. */
type Yielding<Returned> = [YieldOf<Returned>] extends [never] ? never : unknown;

/** An executor in the caller's own thread, which also takes plain functions and closures. */
export interface LocalExecutor extends Executor {
  readonly traits: Traits & { readonly closures: true };

  run<Output>(task: Task<void, Output>, input?: undefined, options?: RunOptions): Promise<Output>;
  run<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Promise<Output>;
  run<Returned>(
    call: Callable<Returned>,
    input?: undefined,
    options?: RunOptions,
  ): Promise<ResultOf<Returned>>;
  run<Input, Returned>(
    call: CallableWith<Input, Returned>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Promise<ResultOf<Returned>>;

  submit<Output>(task: Task<void, Output>, input?: undefined, options?: RunOptions): Job<Output>;
  submit<Input, Output>(
    task: Task<Input, Output>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Job<Output>;
  submit<Returned>(
    call: Callable<Returned>,
    input?: undefined,
    options?: RunOptions,
  ): Job<ResultOf<Returned>>;
  submit<Input, Returned>(
    call: CallableWith<Input, Returned>,
    input: NoInfer<Input>,
    options?: RunOptions,
  ): Job<ResultOf<Returned>>;

  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options: MapOptions & { readonly settle: true },
  ): Results<Outcome<Output>>;
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<NoInfer<Input>>,
    options?: MapOptions & { readonly settle?: false | undefined },
  ): Results<Output>;
  map<Input, Returned>(
    call: CallableWith<Input, Returned>,
    inputs: Inputs<NoInfer<Input>>,
    options: MapOptions & { readonly settle: true },
  ): Results<Outcome<ResultOf<Returned>>>;
  map<Input, Returned>(
    call: CallableWith<Input, Returned>,
    inputs: Inputs<NoInfer<Input>>,
    options?: MapOptions & { readonly settle?: false | undefined },
  ): Results<ResultOf<Returned>>;

  stream<Output, Item>(
    task: StreamTask<void, Output, Item>,
    input?: undefined,
    options?: StreamOptions,
  ): AsyncGenerator<Item, Output, void>;
  stream<Input, Output, Item>(
    task: StreamTask<Input, Output, Item>,
    input: NoInfer<Input>,
    options?: StreamOptions,
  ): AsyncGenerator<Item, Output, void>;
  stream<Returned>(
    call: Callable<Returned> & Yielding<Returned>,
    input?: undefined,
    options?: StreamOptions,
  ): AsyncGenerator<YieldOf<Returned>, ResultOf<Returned>, void>;
  stream<Input, Returned>(
    call: CallableWith<Input, Returned> & Yielding<Returned>,
    input: NoInfer<Input>,
    options?: StreamOptions,
  ): AsyncGenerator<YieldOf<Returned>, ResultOf<Returned>, void>;
}
