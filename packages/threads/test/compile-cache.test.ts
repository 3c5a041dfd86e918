import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const programs = fileURLToPath(new URL("./programs.ts", import.meta.url));
let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "quintet-cache-"))));
afterAll(() => rm(folder, { recursive: true }));

/** What a program prints. */
async function printed(name: string, env: NodeJS.Dict<string> = {}): Promise<string> {
  const args = ["--conditions=@quintet/source", programs, name, folder];
  const { NODE_COMPILE_CACHE: _, ...own } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...own, ...env } });
  return stdout.trim();
}

it("is that of the caller, when its program has turned one on", async () => {
  expect(await printed("compileCache")).toBe("true");
  expect((await readdir(folder)).length).toBe(1);
});

it("is that of the environment otherwise, and none where there is none", async () => {
  expect(await printed("noCompileCache")).toBe("undefined");
  expect(await printed("noCompileCache", { NODE_COMPILE_CACHE: folder })).toContain(folder);
});
