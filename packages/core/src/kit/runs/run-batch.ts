import type { RunOptions } from "../../run-options.ts";
import type { ListedRun } from "./live-tasks.ts";
import {
  type Ending,
  type RunOwner,
  type Runnable,
  reserveNumbers,
  taskName,
  TaskRun,
} from "./task-run.ts";

/** Whom a batch reports to. */
export interface BatchOwner extends RunOwner {
  /** Runs of a batch have their results, one started after the other, and nobody had asked for one by itself. */
  completed(batch: RunBatch, started: number, durations: Float64Array): void;
}

/** What a map asks for in one go. */
export interface BatchRequest {
  readonly task: Runnable;
  /** Primitive values: they share nothing, and none can fail to travel. */
  readonly inputs: readonly unknown[];
  readonly options: RunOptions;
  /** Told once for each, synchronously: here of results that came one after the other. */
  readonly onCompleted: (first: number, values: readonly unknown[]) => void;
  readonly onSettled: (offset: number, ending: Ending) => void;
}

/**
 * Runs of a map in a compact form: an object for each would cost more than a small task itself.
 * One that has to be told from the others, because it fails, is cancelled, or loses its worker, becomes a `TaskRun`.
 */
export class RunBatch {
  readonly task: Runnable;
  readonly inputs: readonly unknown[];
  readonly options: RunOptions;
  readonly priority: number;
  /** The number of the first run; the others follow. */
  readonly number: number;
  /** The first one that is in the queue still. */
  next = 0;
  /** When it came into the queue, on its executor's clock. */
  readonly since: number;
  /** What its engine keeps with it. */
  place: unknown;
  /** Those that became runs and have not ended. */
  readonly promoted: Map<number, TaskRun> = new Map();
  readonly #owner: BatchOwner;
  readonly #request: BatchRequest;

  constructor(owner: BatchOwner, request: BatchRequest, since: number) {
    const { task, inputs, options } = request;
    this.#owner = owner;
    this.#request = request;
    this.task = task;
    this.inputs = inputs;
    this.options = options;
    this.priority = options.priority ?? 0;
    this.number = reserveNumbers(inputs.length);
    this.since = since;
  }

  /** How many are in the queue. */
  get waiting(): number {
    return this.inputs.length - this.next;
  }

  /** What is known of one that is in the queue, or at a worker that has not started it. */
  listed(offset: number): ListedRun {
    const { since, priority } = this;
    const { name } = this.#owner;
    const number = this.number + offset;
    return {
      id: `${name}#${number}`,
      taskId: taskName(this.task),
      attempt: 1,
      started: false,
      settled: false,
      admission: undefined,
      since,
      priority,
      number,
      lane: name,
    };
  }

  /** Makes a run of its own of one that has not ended. */
  promote(offset: number): TaskRun {
    const { task } = this;
    const onSettled = (ending: Ending): void => {
      this.promoted.delete(offset);
      this.#request.onSettled(offset, ending);
    };
    const request = { method: "map", task, input: this.inputs[offset], onSettled } as const;
    const run = new TaskRun(this.#owner, request, this.options, this.number + offset);
    run.accept();
    run.since = this.since;
    run.enqueued = run.held = true;
    this.promoted.set(offset, run);
    return run;
  }

  /**
   * Those from `first` on have their results. They ran one after the other, each for so many milliseconds; when the first
   * started is on the executor's clock.
   */
  complete(
    first: number,
    values: readonly unknown[],
    started: number,
    durations: Float64Array,
  ): void {
    this.#owner.completed(this, started, durations);
    this.#request.onCompleted(first, values);
  }
}
