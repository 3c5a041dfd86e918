import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, startChromium } from "./chromium.ts";
import { type PortableProject, portableProject } from "./portable-project.ts";
import { chromiumFolder, otherRuntimes } from "./runtimes.ts";
import { webGlobals } from "./web-globals.ts";

/** What the programs of a package give. */
export interface PortableExpectations {
  /** The folder's name below `packages`. */
  readonly name: string;
  /** By program, in every runtime. */
  readonly everywhere: Readonly<Record<string, unknown>>;
  /** Besides, where there are Node's async hooks. */
  readonly withHooks: Readonly<Record<string, unknown>>;
  /** Besides, where there are none. */
  readonly withoutHooks: Readonly<Record<string, unknown>>;
}

/** Milliseconds that a test, or the set-up, may take. */
export const longest = 120_000;

/** The tests of the programs in `packages/<name>/test/portable`; what a package tests besides may use the project. */
export function portableTests(expectations: PortableExpectations): () => PortableProject {
  const { name, everywhere, withHooks, withoutHooks } = expectations;
  let project: PortableProject;
  beforeAll(async () => {
    project = await portableProject(name);
  }, longest);
  afterAll(() => project.remove());

  const runtimes = otherRuntimes();
  const chromium = chromiumFolder();

  it("are tried in Bun, Deno and Chromium where CI runs", () => {
    const names = [...runtimes.map(({ name: one }) => one), ...(chromium ? ["Chromium"] : [])];
    const isCi = process.platform === "linux" && process.arch === "x64";
    expect(names).toEqual(isCi ? ["Bun", "Deno", "Chromium"] : names);
  });

  it("run with nothing but what the web has", async () => {
    const globals = Object.fromEntries(webGlobals.map((global) => [global, globalThis[global]]));
    const context = createContext(globals);
    expect(runInContext("typeof process + typeof require + typeof Buffer", context)).toBe(
      "undefined".repeat(3),
    );
    const code = `${await project.bundle()}; portable.runPrograms()`;
    const results = (await runInContext(code, context)) as string;
    expect(JSON.parse(results)).toEqual({ ...everywhere, ...withoutHooks });
  });

  it.each(portableRuntimes())(
    "run in $name, keep the async context, and end by themselves",
    async ({ program, args }) => {
      const results = await project.print(program, args);
      expect(JSON.parse(results)).toEqual({ ...everywhere, ...withHooks });
    },
  );

  it.each(chromium ? [chromium] : [])("run in Chromium", async (packed) => {
    const browser: Browser = await startChromium(packed, project.folder);
    try {
      const results = await browser.evaluate(`${await project.bundle()}; portable.runPrograms()`);
      expect(JSON.parse(results as string)).toEqual({ ...everywhere, ...withoutHooks });
      expect(await browser.evaluate("typeof process + typeof require")).toBe("undefined".repeat(2));
    } finally {
      await browser.close();
    }
  });

  return () => project;
}

/** Node, and the others that are here. */
export function portableRuntimes(): ReturnType<typeof otherRuntimes> {
  const args = ["--experimental-strip-types"];
  return [{ name: "Node", program: process.execPath, args }, ...otherRuntimes()];
}
