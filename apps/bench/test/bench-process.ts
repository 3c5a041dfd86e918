import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "..", "src", "main.ts");

/** How a benchmark ended. */
export interface BenchEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A benchmark in a process of its own. */
export interface BenchProcess {
  readonly pid: number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves when it has ended and nobody holds its output any more. */
  readonly ended: Promise<BenchEnd>;
}

/** Starts the benchmark on the sources. */
export function startBench(...args: readonly string[]): BenchProcess {
  const options = ["--expose-gc", "--conditions=@quintet/source", main, ...args];
  const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  return {
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    ended: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output, errors }));
    }),
  };
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,pid="], { encoding: "utf8" });
  const lines = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  return lines.filter(([parent]) => parent === String(pid)).map(([, child = ""]) => child);
}
