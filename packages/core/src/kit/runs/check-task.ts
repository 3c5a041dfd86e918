import { NestedExecutorError, NotSupportedError } from "../../errors.ts";
import type { RunOptions } from "../../run-options.ts";
import { isTask } from "../../task.ts";
import type { Traits } from "../../traits.ts";
import { loadingModule } from "../loading/loading-module.ts";
import type { Runnable } from "./task-run.ts";

/**
 * Refuses what workers cannot run. *Errors*: `NOT_SUPPORTED`, and `NESTED_EXECUTOR` in a module that is
 * being loaded for its tasks.
 */
export function checkTask(
  pool: string,
  traits: Traits,
  task: Runnable,
  { transfer }: RunOptions,
): void {
  const module = loadingModule();
  if (module !== undefined) {
    throw new NestedExecutorError(
      `${module} starts work on ${pool} while a worker loads it for its tasks. ` +
        `Move the tasks into a module of their own that does nothing else.`,
    );
  }
  if (!isTask(task)) {
    throw new NotSupportedError(
      `${pool} cannot run the plain function ${task.name || "given"}: its code is not known elsewhere. ` +
        `Define it with defineTasks(), or wrap a self-contained function in inline().`,
    );
  }
  if (transfer && transfer.length > 0 && !traits.transfer) {
    throw new NotSupportedError(`${pool} cannot move values; leave out the transfer option.`);
  }
}
