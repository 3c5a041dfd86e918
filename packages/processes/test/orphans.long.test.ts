/** What becomes of processes when the program that started them is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, within } from "./alive.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quintet-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

it("they are gone within 2 s, though they block, and so is what they started", async () => {
  const file = join(folder, "pids");
  const program = `
    import { processes } from ${url("../src/index.ts")};
    import { faults } from ${url("./task-files/faults.tasks.ts")};
    processes({ size: 1 }).run(faults.parent, ${JSON.stringify(file)});
  `;
  const options = ["--conditions=@quintet/source", "--input-type=module", "--eval", program];
  const parent = spawn(process.execPath, options, { stdio: "inherit" });
  const isWritten = (): boolean => existsSync(file) && readFileSync(file, "utf8").includes(" ");
  expect(await within(10_000, isWritten)).toBe(true);
  const pids = readFileSync(file, "utf8").split(" ").map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  expect(await within(2_000, () => !pids.some(isAlive))).toBe(true);
});

it("they are gone within 2 s, though they were never given a task", async () => {
  const program = `
    import { subscribe } from "node:diagnostics_channel";
    import { processes } from ${url("../src/index.ts")};
    const started = [];
    subscribe("child_process", (message) => started.push(message.process));
    const pool = processes({ size: 2 });
    await pool.ready();
    console.log(started.map(({ pid }) => pid).join(" "));
    setInterval(() => {}, 1_000);
  `;
  const options = ["--conditions=@quintet/source", "--input-type=module", "--eval", program];
  const parent = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const pids = line.toString().split(" ").map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  expect(await within(2_000, () => !pids.some(isAlive))).toBe(true);
});
