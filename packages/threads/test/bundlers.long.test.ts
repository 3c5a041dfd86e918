import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BundledProject, bundledProject, runNode } from "../../../tooling/bundled-project.ts";

const most = 60_000;

let project: BundledProject;
beforeAll(async () => {
  project = await bundledProject(join(import.meta.dirname, "bundled"), ["core", "pool", "threads"]);
}, most);
afterAll(() => project.remove());

const right = {
  one: 3,
  many: [1, 2],
  letters: ["a", "b", "c"],
  ofModule: 8,
  ofSource: 2,
  ownError: 7,
  ourError: true,
  cancelled: "stopped while waiting",
};

/** Runs a bundle where it has nothing but itself, and expects that every task in it does what it should. */
async function expectRight(output: string, file: string): Promise<void> {
  const { code, stdout, stderr } = await runNode([file], output);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(right);
  expect(code).toBe(0);
}

const node = ["--bundle", "--platform=node"];

describe("esbuild", { timeout: most }, () => {
  it("puts an application and its tasks into one file", async () => {
    const output = await project.output();
    await project.esbuild("one-file.ts", "hash.ts", ...node, "--format=esm", `--outdir=${output}`);
    await expectRight(output, "one-file.js");
  });

  it("puts tasks into files that the application shares", async () => {
    const output = await project.output();
    const files = ["app.ts", "text.tasks.ts", "hash.ts"];
    const split = ["--format=esm", "--splitting"];
    await project.esbuild(...files, ...node, ...split, `--outdir=${output}`);
    await expectRight(output, "app.js");
  });

  it("makes CommonJS", async () => {
    const output = await project.output("commonjs");
    await project.esbuild(
      ...["one-file.ts", "hash.ts", ...node, "--format=cjs", `--outdir=${output}`],
      "--define:import.meta.url=importMetaUrl",
      "--banner:js=const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
    );
    await expectRight(output, "one-file.js");
  });

  it("makes CommonJS that cannot say where it is", async () => {
    const output = await project.output("commonjs");
    await project.esbuild("source-only.ts", ...node, "--format=cjs", `--outdir=${output}`);
    expect(await runNode(["source-only.js"], output)).toEqual({
      code: 0,
      stdout: "2\n",
      stderr: "",
    });
  });

  it("makes the files small, and keeps the names of classes", async () => {
    const output = await project.output();
    const small = ["--format=esm", "--minify", "--keep-names"];
    await project.esbuild("one-file.ts", "hash.ts", ...node, ...small, `--outdir=${output}`);
    await expectRight(output, "one-file.js");
  });
});

describe("Vite", { timeout: most }, () => {
  const input = ["app.ts", "text.tasks.ts", "hash.ts"];
  const noExternal = true;

  it("builds for Node with tasks as inputs", async () => {
    const outDir = await project.output();
    await project.vite({
      ssr: { noExternal },
      build: { ssr: true, outDir, rolldownOptions: { input } },
    });
    await expectRight(outDir, "app.js");
  });

  it("builds for Node with the tasks in one file with the application", async () => {
    const outDir = await project.output();
    const files = { input: ["one-file.ts", "hash.ts"] };
    await project.vite({
      ssr: { noExternal },
      build: { ssr: true, outDir, rolldownOptions: files },
    });
    await expectRight(outDir, "one-file.js");
  });

  it("builds a library for Node", async () => {
    const outDir = await project.output();
    await project.vite({
      ssr: { noExternal },
      build: { ssr: true, outDir, lib: { entry: input, formats: ["es"] } },
    });
    await expectRight(outDir, "app.js");
  });

  it("makes the files small, and keeps the names of classes", async () => {
    const outDir = await project.output();
    await project.vite({
      ssr: { noExternal },
      build: {
        ssr: true,
        outDir,
        minify: true,
        rolldownOptions: { input, output: { keepNames: true } },
      },
    });
    await expectRight(outDir, "app.js");
  });
});

describe("a thread runs first", { timeout: most }, () => {
  it("the file in the package, where that is left out of the bundle", async () => {
    const outDir = join(project.root, "dist");
    const files = { input: ["app.ts", "text.tasks.ts", "hash.ts"] };
    await project.vite({ build: { ssr: true, outDir, rolldownOptions: files } });
    await expectRight(outDir, "app.js");
  });

  it("no file of the application's own that happens to have its name", async () => {
    const output = await project.output();
    const folder = join(output, "dist");
    await project.esbuild("one-file.ts", "hash.ts", ...node, "--format=esm", `--outdir=${folder}`);
    await writeFile(join(folder, "bootstrap.js"), "process.exit(9);");
    await expectRight(folder, "one-file.js");
  });
});

describe("a bundle says what is wrong when", { timeout: most }, () => {
  it("a file of it was left behind", async () => {
    const output = await project.output();
    const split = ["--format=esm", "--splitting"];
    await project.esbuild("app.ts", "text.tasks.ts", ...node, ...split, `--outdir=${output}`);
    const missing = (await readdir(output)).find((file) => file.startsWith("inlined-bootstrap"));
    await rm(join(output, String(missing)));
    const { code, stdout, stderr } = await runNode(["app.js"], output);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("code: 'WORKER_START_FAILED'");
    expect(stderr).toContain(`no bootstrap.js of @quintet/threads beside file://${output}/app.js`);
    expect(stderr).toContain(`Cannot find module '${join(output, String(missing))}'`);
    expect(stderr).toContain("Keep all files that the bundler wrote together");
  });

  it("the tasks are in the file of an application that starts by itself", async () => {
    const output = await project.output();
    await project.esbuild("app.ts", ...node, "--format=esm", `--outdir=${output}`);
    const { code, stdout, stderr } = await runNode(["app.js"], output);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("code: 'TASK_LOAD_FAILED'");
    expect(stderr).toContain("Move the tasks into a module of their own");
  });
});
