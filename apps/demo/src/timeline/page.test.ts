import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { Summary } from "../summary.ts";
import { timelinePage } from "./page.ts";

const nasty = "</script><img src=x onerror=alert(1)>&.md";

const page = await timelinePage(
  { folder: "/corpus", files: [`/corpus/${nasty}`], failures: [], isCut: false },
  [
    {
      name: "threads",
      workers: 1,
      startUp: 1,
      time: 4,
      reached: [0, 4],
      summary: new Summary("/corpus"),
      mostTurns: 1,
      spans: [{ lane: "thread 1", queued: 5, started: 7, ended: 9, outcome: "completed" }],
    },
  ],
);

describe("the page", () => {
  it("names nothing outside itself", () => {
    expect(page).not.toMatch(/\b(src|href|url|import)\s*[=(:]\s*["'(]?(https?:)?\/\//i);
    expect(page).toContain("default-src 'none'");
  });

  it("has a script that can be compiled", () => {
    const script = /<script type="module">([^]*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(() => new Script(script)).not.toThrow();
  });

  it("carries times since the first task was queued, in hundredths of a millisecond", () => {
    const data = /<script id="data"[^>]*>([^]*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(JSON.parse(data)).toMatchObject({
      files: [nasty],
      places: [{ lanes: [{ queued: [0], started: [200], ended: [400] }] }],
    });
  });

  it("takes no file name for markup", () => {
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;/script&gt;&lt;img src=x");
  });
});
