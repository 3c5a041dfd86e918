import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "./chromium.ts";
import { type PortableProject, portableProject } from "./portable-project.ts";
import { chromiumFolder, otherRuntimes } from "./runtimes.ts";

const most = 120_000;

let project: PortableProject;
beforeAll(async () => {
  project = await portableProject();
}, most);
afterAll(() => project.remove());

const right = {
  eventLoop: [[1, 4, 9, 16, 25], 2, "TIMEOUT"],
  semaphore: [2, 2],
  queue: [1, 2, 3],
  policies: 3,
  firstError: [true, true, ["Error: second"]],
  deadline: "TIMEOUT",
  deaf: ["TASKS_LEAKED", ["body", "task group > deaf"], "enough"],
  limit: [0, 1, 2, 3],
  gather: [1, "two"],
  race: "first",
  any: "up",
  asCompleted: [0, 1, 2],
  reasons: ["enough", "enough", "enough", "enough", "enough", "enough"],
  iterators: 6,
};

/** What every browser has; neither `process` nor `require` nor anything else of Node's. */
const webGlobals = [
  "AbortController",
  "AbortSignal",
  "clearTimeout",
  "CustomEvent",
  "DOMException",
  "Event",
  "EventTarget",
  "performance",
  "queueMicrotask",
  "setTimeout",
  "TextDecoder",
] as const;

describe("the packages as they are published", { timeout: most }, () => {
  const runtimes = otherRuntimes();
  const chromium = chromiumFolder();

  it("are tried in Bun, Deno and Chromium where CI runs", () => {
    const names = [...runtimes.map(({ name }) => name), ...(chromium ? ["Chromium"] : [])];
    const wanted =
      process.platform === "linux" && process.arch === "x64" ? ["Bun", "Deno", "Chromium"] : names;
    expect(names).toEqual(wanted);
  });

  it("run with nothing but what the web has", async () => {
    const globals = Object.fromEntries(webGlobals.map((name) => [name, globalThis[name]]));
    const context = createContext(globals);
    expect(runInContext("typeof process + typeof require + typeof Buffer", context)).toBe(
      "undefined".repeat(3),
    );
    const code = `${await project.bundle()}; portable.runPrograms()`;
    const results = (await runInContext(code, context)) as string;
    expect(JSON.parse(results)).toEqual({ ...right, context: "none" });
  });

  const node = { name: "Node", program: process.execPath, args: ["--experimental-strip-types"] };
  it.each([node, ...runtimes])(
    "run in $name, and keep the async context",
    async ({ program, args }) => {
      const results = await project.print(program, args);
      expect(JSON.parse(results)).toEqual({ ...right, context: "kept" });
    },
  );

  it.each(chromium ? [chromium] : [])("run in Chromium", async (packed) => {
    const browser = await startChromium(packed, project.folder);
    try {
      const results = await browser.evaluate(`${await project.bundle()}; portable.runPrograms()`);
      expect(JSON.parse(results as string)).toEqual({ ...right, context: "none" });
      expect(await browser.evaluate("typeof process + typeof require")).toBe("undefined".repeat(2));
    } finally {
      await browser.close();
    }
  });
});
