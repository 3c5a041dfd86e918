import { TimeoutError } from "@quintet/core";
import { decodeThrown } from "@quintet/core/kit";
import { Report, type SetUpOrder, type UpkeepReport } from "../codec/protocol.ts";
import type { Link, WorkerExit } from "../transport/transport.ts";

/** The set-up and tear-down of one worker, as its pool sees them. */
export class WorkerUpkeep {
  /** Why the worker did not come up, where it said so. */
  startError: unknown;
  /** What went wrong with the tear-down, where there was one. */
  failure: { readonly thrown: unknown } | undefined;
  readonly #order: SetUpOrder | undefined;
  #tearing = false;

  constructor(order: SetUpOrder | undefined) {
    this.#order = order;
  }

  /** Whether a worker that is let go has something to do before it ends. */
  get tearsDown(): boolean {
    return this.#order?.[4] !== undefined;
  }

  /** Takes what the worker says of itself; true when it is up with that. */
  receive(report: UpkeepReport, link: Link): boolean {
    if (report[0] === Report.ready) {
      if (this.#order) link.send(this.#order);
      return !this.#order;
    }
    const failure = report[1];
    const thrown = failure && decodeThrown(failure, link.label);
    if (report[0] === Report.setUp) this.startError = thrown;
    else this.abandon(failure && { thrown });
    return report[0] === Report.setUp && !failure;
  }

  /** The worker was asked to end. */
  leave(): void {
    this.#tearing = this.tearsDown;
  }

  /** It has taken longer than it may. */
  expire(grace: number, worker: string): void {
    if (!this.#tearing) return;
    const message = `The tear-down of ${worker} was not done after ${grace} ms, and was stopped.`;
    this.abandon({ thrown: new TimeoutError(message) });
  }

  /** Nobody waits for the tear-down any more. */
  abandon(failure?: { readonly thrown: unknown }): void {
    this.#tearing = false;
    this.failure ??= failure;
  }

  /** The worker has ended. */
  end({ error, exitCode }: WorkerExit, worker: string): void {
    if (!this.#tearing) return;
    const why = `${worker} ended before its tear-down was done (exit code ${exitCode}).`;
    this.abandon({ thrown: new Error(why, { cause: error }) });
  }
}
