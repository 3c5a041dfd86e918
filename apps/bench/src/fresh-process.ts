import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startChild } from "./children.ts";

/**
 * Runs a program in a process of its own, with the options of this one, and gives what it sent.
 * *Errors*: it ended without sending anything.
 */
export async function inFreshProcess(program: URL, args: readonly string[]): Promise<unknown> {
  const options = [...process.execArgv, fileURLToPath(program), ...args];
  const child = startChild(process.execPath, options, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let sent: unknown;
  child.once("message", (message) => (sent = message));
  const [code] = (await once(child, "close")) as [number | null];
  if (sent === undefined || code !== 0) {
    throw new Error(`${fileURLToPath(program)} ${args.join(" ")} ended with ${code}.`);
  }
  return sent;
}
