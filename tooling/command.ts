import { execFile } from "node:child_process";

/** How a command ended. */
export interface CommandResult {
  readonly isGood: boolean;
  readonly stdout: string;
  /** Both streams, for a person to read. */
  readonly output: string;
}

/** Runs a command to its end; it never rejects. One that takes longer than `timeout` ms is killed. */
export function runCommand(
  command: string,
  args: readonly string[],
  folder: string,
  timeout: number = 120_000,
): Promise<CommandResult> {
  const options = { cwd: folder, timeout, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const reason = error ? `\n${command} ${args.join(" ")}: ${error.signal ?? error.code}` : "";
      resolve({ isGood: !error, stdout, output: stdout + stderr + reason });
    });
  });
}
