import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild } from "./children.ts";
import { MismatchError } from "./mismatch-error.ts";

/**
 * Runs a program in a process of its own, with the options of this one, and gives what it sent.
 * *Errors*: `MismatchError` where it found one; that it ended without an answer.
 */
export async function inFreshProcess(program: URL, args: readonly string[]): Promise<unknown> {
  const options = [...process.execArgv, fileURLToPath(program), ...args];
  const child = startChild(process.execPath, options, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let sent: { readonly answer?: unknown; readonly mismatch?: string } | undefined;
  child.once("message", (message) => (sent = message as typeof sent));
  const [code] = (await once(child, "close")) as [number | null];
  if (sent === undefined || code !== 0) {
    throw new Error(`${fileURLToPath(program)} ${args.join(" ")} ended with ${code}.`);
  }
  if (sent.mismatch !== undefined) throw new MismatchError(sent.mismatch);
  return sent.answer;
}
