import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const programs = fileURLToPath(new URL("./programs.ts", import.meta.url));

/** Runs a program to its end: what it printed and how it ended. */
function program(name: string): Promise<{ stdout: string; code: number | null }> {
  const args = ["--conditions=@quintet/source", programs, name];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 10_000 }, (_, stdout) =>
      resolve({ stdout: stdout.trim(), code: child.exitCode }),
    );
  });
}

describe("a program ends", () => {
  it.concurrent("by itself when its pool is idle and was never closed", async () => {
    expect(await program("idle")).toEqual({ stdout: "1", code: 0 });
  });

  it.concurrent("by itself when its pool was only made ready", async () => {
    expect(await program("ready")).toEqual({ stdout: "ready", code: 0 });
  });

  it.concurrent("not before a task that nobody waits for has ended", async () => {
    expect(await program("pending")).toEqual({ stdout: "early\nlate", code: 0 });
  });

  it.concurrent("after its pool is closed with a task in the way", async () => {
    expect(await program("closed")).toEqual({ stdout: "CLOSED\nclosed 0", code: 0 });
  });

  it.concurrent("with the code it gives while a task spins", async () => {
    expect(await program("exit")).toMatchObject({ code: 5 });
  });

  it.concurrent("with an error when nobody handles that of a task", async () => {
    expect(await program("unhandled")).toMatchObject({ code: 1 });
  });
});
