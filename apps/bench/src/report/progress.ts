import { createLogUpdate } from "log-update";

/** Shows what is being measured. Nothing is drawn while a subject works. */
export interface Progress {
  /** Told of the work and what comes next in it. */
  readonly step: (work: string, text: string) => void;
  /** Makes room for results. */
  readonly stop: () => void;
}

/** One line that changes on a terminal; elsewhere a line for each work. */
export function showProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? terminalProgress(output) : lineProgress(output);
}

function terminalProgress(output: NodeJS.WriteStream): Progress {
  const draw = createLogUpdate(output);
  return {
    step: (work, text) => draw(`${work} · ${text}`.slice(0, output.columns - 1)),
    stop: () => draw.clear(),
  };
}

function lineProgress(output: NodeJS.WriteStream): Progress {
  let last = "";
  return {
    step(work) {
      if (work !== last) output.write(`\n${work}: running\n`);
      last = work;
    },
    stop() {},
  };
}
