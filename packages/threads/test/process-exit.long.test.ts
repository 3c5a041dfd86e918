import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const programs = fileURLToPath(new URL("./programs.ts", import.meta.url));

/** Runs a program to its end: what it printed and how it ended. */
function program(name: string): Promise<{ stdout: string; code: number | null }> {
  const args = ["--conditions=@quintet/source", programs, name];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 20_000 }, (_, stdout) =>
      resolve({ stdout: stdout.trim(), code: child.exitCode }),
    );
  });
}

/** What a program printed into a file, where Node writes at once; into a full pipe, `process.exit()` cuts it short. */
async function printed(...args: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "quintet-printed-"));
  const path = join(folder, "output.txt");
  const file = openSync(path, "w");
  try {
    const child = spawn(process.execPath, ["--conditions=@quintet/source", programs, ...args], {
      stdio: ["ignore", file, file],
      timeout: 20_000,
    });
    await once(child, "exit");
    return readFileSync(path, "utf8").trim();
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

describe("a program ends", () => {
  it.concurrent("by itself when its pool is idle and was never closed", async () => {
    expect(await program("idle")).toMatchObject({ stdout: "1", code: 0 });
  });

  it.concurrent("by itself when its pool was only made ready", async () => {
    expect(await program("ready")).toMatchObject({ stdout: "ready", code: 0 });
  });

  it.concurrent("not before a task that nobody waits for has ended", async () => {
    expect(await program("pending")).toMatchObject({ stdout: "early\nlate", code: 0 });
  });

  it.concurrent("after its pool is closed with a task in the way", async () => {
    expect(await program("closed")).toMatchObject({ stdout: "CLOSED\nclosed 0", code: 0 });
  });

  it.concurrent("with the code it gives while a task spins", async () => {
    expect(await program("exit")).toMatchObject({ code: 5 });
  });

  it.concurrent("with an error when nobody handles that of a task", async () => {
    expect(await program("unhandled")).toMatchObject({ code: 1 });
  });
});

const lines = Array.from({ length: 500 }, (_, index) => `line ${index + 1}`).join("\n");

describe.each(["", "parking"])("what a task printed is seen %s", (parking) => {
  // One after the other: two cores have enough to do with one.
  it.each([
    ["log", "naturally"],
    ["log", "close"],
    ["log", "exit"],
    ["log", "blocked"],
    ["write", "exit"],
    ["error", "naturally"],
    ["error", "exit"],
    ["error", "blocked"],
  ])("whole when it comes by %s and the program ends: %s", async (way, end) => {
    expect(await printed("printing", way, end, parking)).toBe(lines);
  });
});

it("is seen while the task that printed it goes on for ever", async () => {
  expect(await program("stuck")).toMatchObject({ stdout: "first\nsecond\ntimed out", code: 0 });
});
