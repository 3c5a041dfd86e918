import { describe, expect, it } from "vitest";
import { MismatchError } from "./mismatch-error.ts";
import { runWork } from "./run-work.ts";
import { tasksPerSecond } from "./unit.ts";
import type { Attempt, Entry, Work } from "./work.ts";

const options = { rounds: 3, budget: 60_000, patience: 50, onStep: () => {} };

const workOf = (entries: readonly Entry[]): Work => ({
  name: "w",
  title: "t",
  rows: [{ name: "w", unit: tasksPerSecond }],
  entries,
});

/** An entry that writes down what becomes of it. */
function entry(subject: string, log: string[], changes: Partial<Attempt> = {}): Entry {
  const note = (what: string): void => void log.push(`${subject} ${what}`);
  const attempt: Attempt = {
    warmUp: async () => note("warms up"),
    round: async () => {
      note("works");
      return { w: { value: 1 } };
    },
    close: async () => note("closes"),
    ...changes,
  };
  return { subject, open: async () => attempt };
}

describe("a work", () => {
  it("lets everybody warm up, take turns in a rotated order, and close", async () => {
    const log: string[] = [];
    const runs = await runWork(workOf([entry("a", log), entry("b", log)]), options);
    expect(log.join(", ")).toBe(
      "a warms up, b warms up, a works, b works, b works, a works, a works, b works, a closes, b closes",
    );
    expect(runs.map(({ rounds }) => rounds.length)).toEqual([3, 3]);
  });

  it("goes on without who cannot be opened, and says why", async () => {
    const broken = { subject: "x", open: () => Promise.reject(new Error("no such option")) };
    const [first, second] = await runWork(workOf([broken, entry("a", [])]), options);
    expect(first).toEqual({ subject: "x", rounds: [], missing: "not available: no such option" });
    expect(second?.rounds).toHaveLength(3);
  });

  it("goes on without who does not answer", async () => {
    const silent = entry("s", [], { round: () => new Promise(() => {}) });
    const [first, second] = await runWork(workOf([silent, entry("a", [])]), options);
    expect(first).toMatchObject({ missing: "failed: no answer within 0.05 s", failed: true });
    expect(second?.rounds).toHaveLength(3);
  });

  it("of less patience gives up sooner", async () => {
    const silent = entry("s", [], { round: () => new Promise(() => {}) });
    const [first] = await runWork({ ...workOf([silent]), patience: 20 }, options);
    expect(first).toMatchObject({ missing: "failed: no answer within 0.02 s", failed: true });
  });

  it("goes on without who fails", async () => {
    const failing = entry("f", [], { round: () => Promise.reject(new RangeError("too deep")) });
    const [first, second] = await runWork(workOf([failing, entry("a", [])]), options);
    expect(first).toMatchObject({ missing: "failed: too deep", failed: true });
    expect(second?.rounds).toHaveLength(3);
  });

  it("gives who has used up the budget no further round, but always one", async () => {
    const runs = await runWork(workOf([entry("a", [])]), { ...options, budget: 0 });
    expect(runs[0]?.rounds).toHaveLength(1);
  });

  it("is over with the first wrong output, when everybody has been closed", async () => {
    const log: string[] = [];
    const wrong = entry("x", log, {
      round: () => Promise.reject(new MismatchError("noop(1): expected 2, got 3.")),
    });
    const run = runWork(workOf([wrong, entry("a", log)]), options);
    await expect(run).rejects.toThrow("x: noop(1): expected 2, got 3.");
    expect(log).toEqual(["x warms up", "a warms up", "x closes", "a closes"]);
  });
});
