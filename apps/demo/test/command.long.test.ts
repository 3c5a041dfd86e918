import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { places } from "../src/places.ts";
import { type DemoEnd, runDemo } from "./demo-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const some = {
  "a.md": "Alpha beta gamma.\nalpha beta\n",
  "deep/b.json": '{ "alpha": 1 }\n',
  "deep/c.bin": Uint8Array.of(1, 0, 2),
  "empty.txt": "",
};

describe("a folder of files", () => {
  const folder = temporaryFolder(some, afterAll);
  let run: DemoEnd;
  beforeAll(async () => {
    run = await runDemo("--size", "2", folder);
  });

  it("is done without complaint", () => {
    expect(run).toMatchObject({ code: 0, errors: "", leftBehind: false });
  });

  it("gives the same checksum in every place", () => {
    const rows = run.output.split("\n").filter((line) => line.startsWith("│"));
    const checksums = rows.slice(1).map((row) => row.split("│").at(-2)?.trim());
    expect(checksums).toHaveLength(places(2).length);
    expect(new Set(checksums).size).toBe(1);
    expect(checksums[0]).toMatch(/^[\da-f]{12}$/);
    expect(run.output).toContain("Every place found the same.");
  });

  it("is counted", () => {
    expect(run.output).toContain("4 files · 1 binary · 47 B");
    expect(run.output).toContain("3 lines · 6 words");
    expect(run.output).toContain("alpha 3 · beta 2 · gamma 1");
  });

  it("is drawn as one page, in a new temporary folder", () => {
    const url = /file:\S+/.exec(run.output)?.[0] ?? "";
    expect(readFileSync(fileURLToPath(url), "utf8")).toContain("deep/b.json");
  });
});

describe("an option", () => {
  it("--out says where the page goes", async () => {
    const out = join(temporaryFolder(), "page.html");
    const { code } = await runDemo("--out", out, temporaryFolder(some));
    expect(code).toBe(0);
    expect(existsSync(out)).toBe(true);
  });

  it("--limit says how many files are taken", async () => {
    const { output } = await runDemo("--limit", "2", temporaryFolder(some));
    expect(output).toContain("The first 2 files of");
  });
});

describe("trouble", () => {
  it("in the form of a file that cannot be read is named, and the rest is done", async () => {
    const folder = temporaryFolder(some);
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling.md"));
    const { code, output } = await runDemo(folder);
    expect(code).toBe(1);
    expect(output).toContain(
      "1 path could not be read:\n  dangling.md: no such file or directory (ENOENT)",
    );
    expect(output).toContain("4 files · 1 binary");
    expect(output).toContain("Every place found the same.");
  });

  it("in the form of an empty folder is said in one line", async () => {
    const folder = temporaryFolder();
    const { code, output, errors } = await runDemo(folder);
    expect({ code, output, errors }).toEqual({
      code: 1,
      output: `There are no files in ${folder}: nothing to do.\n`,
      errors: "",
    });
  });

  it("with writing the timeline is said, after the results", async () => {
    const { code, output } = await runDemo("--out", "/nowhere/page.html", temporaryFolder(some));
    expect(code).toBe(1);
    expect(output).toContain("Every place found the same.");
    expect(output).toContain("The timeline could not be written: no such file or directory");
  });
});

describe("a wrong command line", () => {
  it.each([
    ["a path that leads nowhere", ["/nowhere"], "/nowhere cannot be opened: no such file"],
    ["a file", [import.meta.filename], "is no folder. Give the folder that holds it."],
    ["two folders", [".", ".."], "One folder at a time"],
    ["an unknown option", ["--fast"], "--fast"],
    ["no number", ["--size", "many"], '--size takes a whole number from 1, got "many".'],
  ])("with %s ends with 2 and says why", async (_, args, message) => {
    const { code, output, errors } = await runDemo(...args);
    expect(code).toBe(2);
    expect(output).toBe("");
    expect(errors).toContain(message);
    expect(errors).toMatch(/See --help.\n$/);
  });
});

it("explains itself", async () => {
  const { code, output } = await runDemo("--help");
  expect(code).toBe(0);
  expect(output).toContain("npm run demo -- [options] [DIR]");
});
