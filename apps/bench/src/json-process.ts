import { once } from "node:events";
import { createInterface } from "node:readline";
import { startChild } from "./children.ts";
import { MismatchError } from "./mismatch-error.ts";

/** A program that answers each line of JSON with another. */
export interface JsonProcess {
  /** *Errors*: `MismatchError` where the program found one; what else it says went wrong; or that it has ended. */
  ask(request: unknown): Promise<unknown>;
  /** Closes its input, and waits for its end. */
  close(): Promise<void>;
}

interface Answer {
  readonly error?: string;
  readonly mismatch?: string;
}

/** Starts a program. */
export function startJson(command: string, args: readonly string[]): JsonProcess {
  const child = startChild(command, args, { stdio: ["pipe", "pipe", "inherit"] });
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
      if (!answer) throw new Error(`${[command, ...args].join(" ")} has ended without an answer.`);
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
