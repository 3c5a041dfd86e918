import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor } from "@quintet/core";
import { TaskExecutor } from "@quintet/core/kit";
import { afterEach, expect, it, onTestFinished } from "vitest";
import type { Harness, Report } from "../src/index.ts";
import { inProcesses } from "../src/needs.ts";
import type { Stage } from "../src/stage.ts";
import { Suite } from "../src/suite.ts";
import { tasks } from "../src/tasks.ts";
import { TinyEngine } from "./fixtures/tiny-engine.ts";

const made: Executor[] = [];
const harness: Harness = {
  name: "tiny",
  create: ({ concurrency }) => {
    const executor = new TaskExecutor({ name: "tiny", engine: new TinyEngine(concurrency) });
    made.push(executor);
    return executor;
  },
  patience: 100,
};

afterEach(() => void made.splice(0));

const oneCase = (run: (stage: Stage) => Promise<void>) => ({ id: "a.b", title: "A case", run });

async function isClosed(executor: Executor | undefined): Promise<boolean> {
  return executor!.run(tasks.echo, 1).then(
    () => false,
    (error: { code?: string }) => error.code === "CLOSED",
  );
}

it("takes down how each case ended", async () => {
  const suite = new Suite(harness, false);
  await suite.run({ ...oneCase(async () => {}), id: "a.passed" });
  const fails = oneCase(() => Promise.reject(new RangeError("wrong")));
  await expect(suite.run({ ...fails, id: "a.failed" })).rejects.toThrow("wrong");
  const refused = oneCase(() => Promise.reject(new Error("never called")));
  await suite.run({ ...refused, id: "a.refused", needs: [inProcesses] });
  const { executor, totals, cases, traits } = suite.report();
  expect({ executor, totals }).toEqual({
    executor: "tiny",
    totals: { passed: 1, failed: 1, refused: 1 },
  });
  expect(cases.map(({ status, error, trait }) => error ?? trait ?? status)).toEqual([
    "passed",
    "RangeError: wrong",
    "isolation: none",
  ]);
  expect(traits?.isolation).toBe("none");
});

it("fails a case that does not end", async () => {
  const suite = new Suite(harness, false);
  const endless = oneCase(() => new Promise(() => {}));
  await expect(suite.run(endless)).rejects.toThrow("has not ended within 300 ms");
});

it("fails a case that waits in vain, and says for what", async () => {
  const suite = new Suite(harness, false);
  const waiting = oneCase((stage) => stage.until(() => false, "Godot"));
  await expect(suite.run(waiting)).rejects.toThrow("Waited 100 ms in vain for Godot.");
});

it("closes what a case has made, also when it fails with tasks under way", async () => {
  const suite = new Suite(harness, false);
  const failing = oneCase(async (stage) => {
    const executor = await stage.fresh({ concurrency: 1 });
    await stage.hold(executor, { task: "deaf" });
    executor.run(tasks.echo, 1); // oxlint-disable-line no-floating-promises -- nobody will look at it
    throw new Error("too early");
  });
  await expect(suite.run(failing)).rejects.toThrow("too early");
  expect(await Promise.all(made.map(isClosed))).toEqual([true, true]);
});

it("fails a case that leaves a shared executor busy", async () => {
  const suite = new Suite(harness, true);
  const careless = oneCase(async (stage) => {
    await stage.hold(await stage.executor({ concurrency: 1 }));
  });
  await expect(suite.run(careless)).rejects.toThrow("an idle executor");
  await suite.end();
});

it("keeps shared executors from case to case, drops them after a failure, and closes them", async () => {
  const suite = new Suite(harness, true);
  const used: Executor[] = [];
  const uses = oneCase(async (stage) => void used.push(await stage.executor()));
  await suite.run(uses);
  await suite.run(uses);
  expect(made.length).toBe(2); // one to ask for its traits, one that is shared
  await expect(suite.run(oneCase(() => Promise.reject(new Error("no"))))).rejects.toThrow("no");
  expect(await isClosed(made[1])).toBe(true);
  await suite.run(uses);
  expect(made.length).toBe(3);
  await suite.end();
  expect(await isClosed(made[2])).toBe(true);
});

it("fails every case when no executor can be made", async () => {
  const create = (): Executor => {
    throw new Error("no server");
  };
  const suite = new Suite({ ...harness, create }, true);
  await expect(suite.run(oneCase(async () => {}))).rejects.toThrow("no server");
  await expect(suite.run(oneCase(async () => {}))).rejects.toThrow("no server");
  expect(suite.report().totals).toEqual({ passed: 0, failed: 2, refused: 0 });
});

it("leaves no files behind", async () => {
  let path = "";
  const suite = new Suite(harness, false);
  await suite.run(
    oneCase(async (stage) => {
      ({ path } = stage.log());
      expect(existsSync(path)).toBe(true);
    }),
  );
  expect(existsSync(path)).toBe(false);
});

it("hands its report to a function, or writes it as JSON and as a table", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quintet-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const heard: Report[] = [];
  const told = new Suite({ ...harness, report: (report) => heard.push(report) }, true);
  await told.run(oneCase(async () => {}));
  await told.end();
  expect(heard[0]?.totals.passed).toBe(1);

  const file = join(folder, "new", "tiny.json");
  const written = new Suite({ ...harness, report: file }, true);
  await written.run(oneCase(async () => {}));
  await written.end();
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(
    JSON.parse(JSON.stringify(written.report())),
  );
  expect(readFileSync(file.replace(".json", ".txt"), "utf8")).toMatch(/^a\.b +passed$/m);
});
