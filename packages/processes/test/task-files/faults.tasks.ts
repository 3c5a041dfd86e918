import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { defineTasks, type TaskContext } from "@quintet/core";

/** Never ends by itself, and never yields. */
function forever(): never {
  for (;;);
}

export const faults = defineTasks("faults", import.meta.url, {
  echo: (value: unknown): unknown => value,
  pid: () => process.pid,
  kill(signal: NodeJS.Signals) {
    process.kill(process.pid, signal);
    return forever();
  },
  abort: () => process.abort(),
  complain(code: number) {
    process.stderr.write("the last words\n");
    process.exit(code);
  },
  fill() {
    const all: number[][] = [];
    for (;;) all.push(Array.from({ length: 100_000 }, () => Math.random()));
  },
  forever(file?: string) {
    if (file) writeFileSync(file, "started");
    return forever();
  },
  /** Takes the permit, stands in another line, and never goes on. */
  async standsInLine(file: string, { semaphore, channel }: TaskContext) {
    await semaphore("only one").acquire();
    writeFileSync(file, "holds");
    await Promise.all([channel("silent").receive(), semaphore("other").acquire()]);
  },
  deaf(file: string) {
    process.on("SIGTERM", () => {});
    writeFileSync(file, "started");
    return forever();
  },
  /** Starts a program that would go on for a minute, tells both pids, and blocks. */
  parent(file: string) {
    const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"], {
      stdio: "ignore",
    });
    writeFileSync(file, `${process.pid} ${child.pid}`);
    return forever();
  },
  surroundings: () => ({
    cwd: process.cwd(),
    argv: process.argv.slice(2),
    variable: process.env["QUINTET_TEST"],
    nice: getPriority(),
    options: process.execArgv,
  }),
  untilCancelled(file: string, context: TaskContext) {
    writeFileSync(file, "started");
    while (!context.cancelled);
    return "seen";
  },
  size: (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum + byte) % 256, bytes.length),
});
