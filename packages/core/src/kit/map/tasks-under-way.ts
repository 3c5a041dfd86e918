import type { RunOptions } from "../../run-options.ts";
import { isPrimitive } from "../is-primitive.ts";
import type { MapHost } from "./map-host.ts";
import type { RunBatch } from "../runs/run-batch.ts";
import type { Ending, TaskRun } from "../runs/task-run.ts";

/** Whom tasks of a map report to. */
export interface TasksOwner {
  settled(index: number, ending: Ending): void;
  /** Like `settled` with results, for as many as there are from this index on. */
  completed(first: number, values: readonly unknown[]): void;
  /** Whether the outcome of this index does not count any more. */
  isVoid(index: number): boolean;
}

/** A batch, the index of its first run, and how many have not ended. */
interface BatchState {
  readonly first: number;
  left: number;
  batch: RunBatch | undefined;
}

/** The tasks of a map that are under way: launches them, in batches where it can, and cancels them. */
export class TasksUnderWay {
  readonly #host: MapHost;
  readonly #owner: TasksOwner;
  readonly #options: RunOptions;
  readonly #runs = new Map<number, TaskRun>();
  readonly #batches = new Set<BatchState>();
  #size = 0;
  /** Inputs that go together with the next ones, the last of which has the index before `#next`. */
  #gathered: unknown[] = [];
  #next = 0;

  constructor(host: MapHost, owner: TasksOwner, options: RunOptions) {
    this.#host = host;
    this.#owner = owner;
    this.#options = options;
  }

  /** How many there are, those gathered included. */
  get size(): number {
    return this.#size + this.#gathered.length;
  }

  /** Takes the next input. It starts now, or with the next `flush`. */
  add(input: unknown): void {
    if (isPrimitive(input)) {
      this.#gathered.push(input);
      this.#next++;
      return;
    }
    this.flush();
    this.#launch(this.#next++, input);
  }

  /** Takes the next inputs, which are primitive values. They start with the next `flush`. */
  addAll(inputs: unknown[]): void {
    this.#next += inputs.length;
    if (this.#gathered.length === 0) this.#gathered = inputs;
    else this.#gathered.push(...inputs);
  }

  /** Starts what was gathered. */
  flush(): void {
    const inputs = this.#gathered;
    if (inputs.length === 0) return;
    this.#gathered = [];
    const first = this.#next - inputs.length;
    if (inputs.length > 1 && this.#launchBatch(first, inputs)) return;
    for (const [offset, input] of inputs.entries()) {
      if (!this.#owner.isVoid(first + offset)) this.#launch(first + offset, input);
    }
  }

  /** Cancels those with an index the outcome of which does not count any more, or all. */
  cancel(reason: unknown, all: boolean): void {
    this.#gathered = [];
    for (const { batch, first } of this.#batches) {
      if (!batch) continue;
      this.#host.dissolve(batch);
      for (const [offset, run] of batch.promoted) this.#runs.set(first + offset, run);
    }
    this.#batches.clear();
    for (const [index, run] of [...this.#runs])
      if (all || this.#owner.isVoid(index)) run.cancel(reason);
  }

  #launch(index: number, input: unknown): void {
    this.#size++;
    const run = this.#host.launch(input, this.#options, (ending) => this.#settled(index, ending));
    if (run.settled) return;
    this.#runs.set(index, run);
    // A function that starts at once may have aborted the map meanwhile.
    if (this.#owner.isVoid(index)) run.cancel(new DOMException("The map was over.", "AbortError"));
  }

  #launchBatch(first: number, inputs: readonly unknown[]): boolean {
    const state: BatchState = { first, left: inputs.length, batch: undefined };
    this.#size += inputs.length;
    state.batch = this.#host.launchBatch({
      inputs,
      options: this.#options,
      onCompleted: (offset, values) => {
        this.#size -= values.length;
        this.#leave(state, values.length);
        this.#owner.completed(first + offset, values);
      },
      onSettled: (offset, ending) => {
        this.#leave(state, 1);
        this.#settled(first + offset, ending);
      },
    });
    if (state.batch) this.#batches.add(state);
    else this.#size -= inputs.length;
    return state.batch !== undefined;
  }

  #leave(state: BatchState, count: number): void {
    state.left -= count;
    if (state.left === 0) this.#batches.delete(state);
  }

  #settled(index: number, ending: Ending): void {
    this.#size--;
    this.#runs.delete(index);
    this.#owner.settled(index, ending);
  }
}
