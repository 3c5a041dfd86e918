import { alike, ok, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import {
  elsewhere,
  here,
  inProcesses,
  inThreads,
  notParallel,
  parallel as parallelNeed,
} from "../needs.ts";
import type { Stage } from "../stage.ts";
import { type Place, placeHere } from "../tasks/value-functions.ts";
import { tasks } from "../tasks.ts";

const values = {
  isolation: ["none", "thread", "process", "machine"],
  parallel: [true, false],
  preemptive: [true, false],
  durable: [true, false],
  values: ["reference", "clone", "encoded"],
  closures: [true, false],
  inline: [true, false],
  transfer: [true, false],
  sharedMemory: [true, false],
  keyed: [true, false],
  output: [true, false],
};

/** Two tasks that each block until the other has come. Tells which of them met. */
async function meeting(stage: Stage, limit: number): Promise<boolean[]> {
  const executor = await stage.executor({ concurrency: 2 });
  // Both workers are up before the time for the meeting begins.
  const [first, second] = [await stage.hold(executor), await stage.hold(executor)];
  first.open();
  second.open();
  await Promise.all([first.result, second.result]);
  const log = stage.log().path;
  return Promise.all(["a", "b"].map((name) => executor.run(tasks.meet, { log, name, limit })));
}

async function places(stage: Stage): Promise<{ own: Place; of: Place }> {
  const executor = await stage.executor();
  return { own: placeHere(), of: await executor.run(tasks.place) };
}

export const traitCases: readonly ConformanceCase[] = [
  {
    id: "trait.declared",
    title: "An executor has a name, and declares every trait, for good",
    run: async (stage) => {
      const executor = await stage.executor();
      ok(typeof executor.name === "string" && executor.name !== "", "It has no name.");
      const { traits } = executor;
      alike(Object.keys(traits).sort(), Object.keys(values).sort(), "The traits");
      for (const [trait, allowed] of Object.entries(values)) {
        const value = traits[trait as keyof typeof values];
        ok(allowed.includes(value as never), `${trait} is ${String(value)}.`);
      }
      ok(Object.isFrozen(traits), "Its traits can be changed.");
      alike(traits, stage.traits, "The traits of another one");
    },
  },
  {
    id: "trait.isolation-none",
    title: "isolation none: tasks run in the caller's own thread and share its global scope",
    needs: [here],
    run: async (stage) => {
      const { own, of } = await places(stage);
      alike(of, own, "The place of the task");
      const executor = await stage.executor();
      const key = crypto.randomUUID();
      tasks.keep({ key, value: "left by the caller" });
      const found = await executor.run(tasks.keep, { key, value: "left by the task" });
      same(found, "left by the caller", "What the task finds");
      same(tasks.keep({ key }), "left by the task", "What the caller finds");
    },
  },
  {
    id: "trait.isolation",
    title: "isolation: what a task leaves in its global scope is not seen by the caller",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const key = crypto.randomUUID();
      tasks.keep({ key, value: "left by the caller" });
      const found = await executor.run(tasks.keep, { key, value: "left by the task" });
      same(found, undefined, "What the task finds");
      same(tasks.keep({ key }), "left by the caller", "What the caller finds");
    },
  },
  {
    id: "trait.isolation-thread",
    title: "isolation thread: tasks run in another thread of the same process",
    needs: [inThreads],
    run: async (stage) => {
      const { own, of } = await places(stage);
      same(of.process, own.process, "The process");
      ok(of.thread !== own.thread, "It is the caller's own thread.");
    },
  },
  {
    id: "trait.isolation-process",
    title: "isolation process: tasks run in another process",
    needs: [inProcesses],
    run: async (stage) => {
      const { own, of } = await places(stage);
      ok(of.process !== own.process, "It is the caller's own process.");
    },
  },
  {
    id: "trait.parallel",
    title: "parallel: two tasks that block can each see the other begin",
    needs: [parallelNeed],
    run: async (stage) => alike(await meeting(stage, stage.patience), [true, true], "Who met"),
  },
  {
    id: "trait.not-parallel",
    title: "not parallel: a task that blocks keeps the others from beginning",
    needs: [notParallel],
    run: async (stage) => alike(await meeting(stage, 50), [false, true], "Who met"),
  },
];
