import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { startChild } from "./children.ts";
import { MismatchError } from "./mismatch-error.ts";

/** A Python script that answers each line of JSON with another. */
export interface PythonProcess {
  /** *Errors*: `MismatchError` where the script found one; what else it says went wrong; or that it has ended. */
  ask(request: unknown): Promise<unknown>;
  /** Closes its input, and waits for its end. */
  close(): Promise<void>;
}

interface Answer {
  readonly error?: string;
  readonly mismatch?: string;
}

const command = "python3";

let known: { readonly version: string | undefined } | undefined;

/** The version of the Python here; `undefined` where there is none. */
export function pythonVersion(): string | undefined {
  known ??= { version: askVersion() };
  return known.version;
}

function askVersion(): string | undefined {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim().replace("Python ", "") : undefined;
}

/** Starts a script. */
export function startPython(script: string): PythonProcess {
  const child = startChild(command, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error(`${command} has no input or output.`);
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
  stdin.on("error", () => {}); // it has ended; `ask` says so
  const lines = createInterface({ input: stdout });
  return {
    async ask(request) {
      const line = once(lines, "line");
      stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await Promise.race([line, ended]);
      if (!answer) throw new Error(`${script} has ended without an answer.`);
      const { error, mismatch, ...values } = JSON.parse(String(answer[0])) as Answer;
      if (mismatch !== undefined) throw new MismatchError(mismatch);
      if (error !== undefined) throw new Error(error);
      return values;
    },
    async close() {
      stdin.end();
      await ended;
    },
  };
}
