/** Applications that are bundled together with this package. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BundledProject, bundledProject, runNode } from "../../../tooling/bundled-project.ts";

const most = 60_000;

let project: BundledProject;
beforeAll(async () => {
  const application = join(import.meta.dirname, "bundled");
  project = await bundledProject(application, ["core", "pool", "processes"]);
}, most);
afterAll(() => project.remove());

const right = { one: 3, many: [1, 2], given: ["--own"], late: true };

const files = ["app.ts", "text.tasks.ts"];
const split = ["--bundle", "--platform=node", "--format=esm", "--splitting"];

/** Runs a bundle where it has nothing but itself, and expects that every task in it does what it should. */
async function expectRight(output: string): Promise<void> {
  const { code, stdout, stderr } = await runNode(["app.js"], output);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(right);
  expect(code).toBe(0);
}

it("esbuild puts tasks into files that the application shares", { timeout: most }, async () => {
  const output = await project.output();
  await project.esbuild(...files, ...split, `--outdir=${output}`);
  await expectRight(output);
});

it("esbuild makes the files small", { timeout: most }, async () => {
  const output = await project.output();
  await project.esbuild(...files, ...split, "--minify", "--keep-names", `--outdir=${output}`);
  await expectRight(output);
});

it("Vite builds for Node with tasks as inputs", { timeout: most }, async () => {
  const outDir = await project.output();
  await project.vite({
    ssr: { noExternal: true },
    build: { ssr: true, outDir, rolldownOptions: { input: files } },
  });
  await expectRight(outDir);
});

it("a bundle that lacks one of its files says so", { timeout: most }, async () => {
  const output = await project.output();
  await project.esbuild(...files, ...split, `--outdir=${output}`);
  const missing = (await readdir(output)).find((file) => file.startsWith("inlined-bootstrap"));
  await rm(join(output, String(missing)));
  const { code, stderr } = await runNode(["app.js"], output);
  expect(code).toBe(1);
  expect(stderr).toContain("WORKER_START_FAILED");
  expect(stderr).toContain("Keep all files that the bundler wrote together");
});
