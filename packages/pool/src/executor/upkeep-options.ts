import { isTask, type Task } from "@quintet/core";
import { matching, notCloneable, type Rule, wholeNumber } from "@quintet/core/kit";
import { Order, type SetUpOrder, type UpkeepTask } from "../codec/protocol.ts";

/** What a pool does for its workers themselves. `Input` is what `setup` takes, `State` what it returns. */
export interface UpkeepOptions<Input = never, State = unknown> {
  /**
   * Runs once in each worker before its first task; what it returns stays there, as `context.state`. The worker is
   * up when it is done, within `startTimeout`; when it throws, the worker did not start. Default: none.
   */
  readonly setup?: Task<Input, State> | undefined;
  /** The input of `setup`, copied when the pool is made. Default: none. */
  readonly setupInput?: NoInfer<Input> | undefined;
  /**
   * Runs in a worker that is let go after its last task, with what `setup` returned; within `grace`. Not in one that
   * is stopped or lost. What it throws rejects `close()`, or is a process warning before that. Default: none.
   */
  readonly teardown?: Task<NoInfer<State>, unknown> | Task<void, unknown> | undefined;
  /** A worker that keeps more than so many bytes after a task is replaced, one at a time. Default: never. */
  readonly memoryPerWorker?: number | undefined;
}

const aTask: Rule = matching("a task", isTask);

/** The rules for `UpkeepOptions`. */
export const upkeepRules: { readonly [Key in keyof Required<UpkeepOptions>]: Rule } = {
  setup: aTask,
  setupInput: () => undefined,
  teardown: aTask,
  memoryPerWorker: wholeNumber(1, true),
};

/** The same for every type of input and state, with an input of the pool's own. */
export interface UpkeepPlan {
  readonly setup?: Task<never, unknown> | undefined;
  readonly setupInput?: unknown;
  readonly teardown?: Task<never, unknown> | undefined;
  readonly memoryPerWorker?: number | undefined;
}

/** Takes a copy of the input, so that later changes do not matter. *Errors*: `NOT_CLONEABLE`. */
export function upkeepPlan(
  owner: string,
  { setup, setupInput, teardown, memoryPerWorker }: UpkeepPlan,
): UpkeepPlan {
  try {
    return { setup, setupInput: structuredClone(setupInput), teardown, memoryPerWorker };
  } catch (cause) {
    throw notCloneable(`The option setupInput of ${owner}`, "setupInput", setupInput, cause);
  }
}

/** What each worker of a pool is told at first, if there is anything to tell. */
export function setUpOrder(executor: string, plan: UpkeepPlan = {}): SetUpOrder | undefined {
  const { setup, setupInput, teardown, memoryPerWorker = Infinity } = plan;
  if (!setup && !teardown && memoryPerWorker === Infinity) return undefined;
  return [Order.setUp, executor, told(setup), setupInput, told(teardown), memoryPerWorker];
}

const told = (task: Task<never, unknown> | undefined): UpkeepTask | undefined =>
  task && [task.id, task.origin];
