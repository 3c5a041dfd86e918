import { RunNames } from "../names/run-names.ts";
import type { EngineHost } from "./engine.ts";
import { RunContext } from "./run-context.ts";
import type { TaskRun } from "./task-run.ts";

/** What a context needs of the host of its engine. */
export type ContextHost = Pick<EngineHost, "progress" | "deskFor">;

/** The context of a run that an engine runs here. The engine has to call its `end()`. */
export class HostedContext extends RunContext {
  readonly #run: TaskRun;
  readonly #host: ContextHost;

  constructor(run: TaskRun, host: ContextHost) {
    super(run.id, run.attempt);
    this.#run = run;
    this.#host = host;
  }

  protected override report(value: unknown): void {
    this.#host.progress(this.#run, value);
  }

  protected override openNames(): RunNames {
    return new RunNames(this.#host.deskFor(this.#run), this);
  }
}
