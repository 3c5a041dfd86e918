import { matching, strings, typed, validateOptions, wholeNumber } from "@quintet/core/kit";
import { poolExecutor, type PoolOptions, poolRules, type WorkerPool } from "@quintet/pool";
import { mostProcesses } from "./most-processes.ts";
import type { ProcessOptions } from "./process-options.ts";
import { ProcessTransport } from "./process-transport.ts";

/** Options of `processes`. */
export interface ProcessesOptions<Input = never, State = unknown>
  extends PoolOptions<Input, State>, ProcessOptions {}

/** An executor that runs tasks in child processes. */
export type ProcessPool = WorkerPool;

/**
 * Makes an executor that runs tasks in child processes: for work that may crash, leak, or change what is global in a
 * process. A process runs one task at a time and imports the module that defines it.
 *
 * *Ordering*: by priority, first come first within one.
 * *Cancellation*: the task's signal fires at once; a task that has not ended `grace` milliseconds later
 * loses its process, and only that task does.
 * *Errors*: `INVALID_OPTION`, `NOT_CLONEABLE` for `setupInput`.
 * *Cost*: a process takes some 80 ms and 50 MB to start; nothing is started before the first task or `ready()`.
 *
 * @example
 * ```ts
 * import { inline } from "@quintet/core";
 * import { processes } from "@quintet/processes";
 *
 * const pool = processes({ size: 2 });
 * const square = inline((n: number) => n * n);
 * console.log(await pool.map(square, [1, 2, 3]).toArray()); // => [ 1, 4, 9 ]
 * await pool.close();
 * ```
 */
export function processes<Input, State>(options?: ProcessesOptions<Input, State>): ProcessPool {
  const checked = validateOptions<ProcessesOptions<Input, State>>("processes()", options, {
    ...poolRules,
    env: typed("object"),
    argv: strings,
    execArgv: strings,
    execPath: typed("string"),
    cwd: typed("string"),
    uid: wholeNumber(0),
    gid: wholeNumber(0),
    nice: matching("a whole number from -20 to 19", isPriority),
    memory: matching("a whole number of bytes, at least 16 MB", isMemory),
    spares: wholeNumber(0),
    stdio: matching('"inherit" or "ignore"', (value) => value === "inherit" || value === "ignore"),
  });
  return poolExecutor("processes", mostProcesses(), new ProcessTransport(checked), checked);
}

/** Node does not start in much less. */
const leastMemory = 16 * 2 ** 20;

const isMemory = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= leastMemory;

const isPriority = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= -20 && (value as number) <= 19;
