import { RunNames } from "../names/run-names.ts";
import type { EngineHost } from "./engine.ts";
import { RunContext } from "./run-context.ts";
import type { TaskRun } from "./task-run.ts";

/** The context of a run that an engine runs here. It has to be told of its `end()`. */
export function contextOf(
  run: TaskRun,
  host: Pick<EngineHost, "progress" | "deskFor">,
): RunContext {
  return new RunContext(
    run.id,
    run.attempt,
    (value) => host.progress(run, value),
    (context) => new RunNames(host.deskFor(run), context),
  );
}
