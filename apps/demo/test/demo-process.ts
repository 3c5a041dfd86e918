import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const main = join(import.meta.dirname, "..", "src", "main.ts");
const TMPDIR = temporaryFolder({}, afterAll);

/** The demo in a process of its own. */
export interface DemoProcess {
  /** Resolves when it has printed this. */
  printed(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended and nobody holds its output any more. */
  readonly ended: Promise<DemoEnd>;
}

/** How it ended. */
export interface DemoEnd {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
  /** Whether a process of its group is still there. */
  readonly leftBehind: boolean;
}

/** Starts the demo. */
export function startDemo(...args: readonly string[]): DemoProcess {
  const child = spawn(process.execPath, ["--conditions=@quintet/source", main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR },
    detached: true, // a group of its own, by which whatever it leaves behind is found
  });
  const pid = child.pid ?? 0;
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = new Promise<DemoEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors, leftBehind: isAlive(-pid) }));
  });
  return {
    ended,
    signal: (name) => void child.kill(name),
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => (output.includes(text) ? resolve() : undefined);
        child.stdout.on("data", look);
        child.on("close", () => reject(new Error(`ended without "${text}":\n${output}${errors}`)));
        look();
      }),
  };
}

/** Runs the demo to its end. */
export function runDemo(...args: readonly string[]): Promise<DemoEnd> {
  return startDemo(...args).ended;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
