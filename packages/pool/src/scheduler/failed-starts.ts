import { WorkerStartError } from "@quintet/core";
import type { WorkerExit } from "../transport/transport.ts";

/** After how many in a row the attempt is given up. */
const mostInARow = 3;

/** Counts workers that do not come up, and those that end as soon as they are. */
export class FailedStarts {
  #failed = 0;
  #inVain = 0;

  /** A worker is up. */
  forgive(): void {
    this.#failed = 0;
  }

  /** A worker ended before it was up; true when it is time to give up. */
  failed(): boolean {
    if (++this.#failed < mostInARow) return false;
    this.#failed = 0;
    return true;
  }

  /** A worker came up and ended without having been given anything; true when it is time to give up. */
  inVain(): boolean {
    return ++this.#inVain >= mostInARow;
  }

  /** Nobody waits for workers to be up. */
  rest(): void {
    this.#inVain = 0;
  }

  /** A new error each time: tasks must not share one. */
  error({ error, exitCode, stderr }: WorkerExit, wasUp: boolean): WorkerStartError {
    const why = error instanceof Error ? error.message : (stderr ?? `exit code ${exitCode}`);
    const when = wasUp ? "as soon as they were up" : "before they were up";
    return new WorkerStartError(
      `Workers ended ${mostInARow} times in a row ${when} (${why}).`,
      error === undefined ? undefined : { cause: error },
    );
  }
}
