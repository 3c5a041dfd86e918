import {
  type Executor,
  inline,
  isTask,
  type RunOptions,
  type Task,
  type TaskFunction,
  type InputOf,
  type OutputOf,
} from "@quintet/core";

/** A function whose calls run elsewhere. */
export type HandedOver<Input, Output> = void extends Input
  ? (input?: undefined, options?: RunOptions) => Promise<Output>
  : (input: Input, options?: RunOptions) => Promise<Output>;

/**
 * Makes an async function of a task, or of a plain function, whose calls run on an executor: what `asyncio.to_thread`
 * is in Python, for any place. It takes the options of `run` after the input.
 *
 * Where the executor takes no closures, the plain function goes there as its source text, so it must be self-contained,
 * see `inline`.
 *
 * *Errors*: throws `INVALID_OPTION` for a function that cannot be sent; its calls reject as `run` does.
 *
 * @example
 * ```ts
 * import { toExecutor } from "@quintet/async";
 * import { threads } from "@quintet/threads";
 *
 * const pool = threads({ size: 1 });
 * const square = toExecutor(pool, (n: number) => n * n);
 * console.log(await square(7), await square(8, { timeout: 1_000 })); // => 49 64
 * await pool.close();
 * ```
 */
export function toExecutor<Input, Output>(
  executor: Executor,
  task: Task<Input, Output>,
): HandedOver<Input, Output>;
export function toExecutor<Call extends TaskFunction>(
  executor: Executor,
  call: Call,
): HandedOver<InputOf<Call>, OutputOf<Call>>;
export function toExecutor(executor: Executor, call: TaskFunction): HandedOver<unknown, unknown> {
  const isFit = isTask(call) || executor.traits.closures;
  const task = (isFit ? call : inline(call)) as Task<unknown, unknown>;
  return (input, options) => executor.run(task, input, options);
}
