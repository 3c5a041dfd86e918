import type { Executor, LiveTask } from "@quintet/core";
import { alike, later, ok, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere, here } from "../needs.ts";
import { tasks } from "../tasks.ts";

/** What is the same in every place. */
function listed(executor: Executor): Omit<LiveTask, "id" | "since" | "worker">[] {
  return executor.tasks().map(({ task, state, cancelled, attempt }) => ({
    task,
    state,
    cancelled,
    attempt,
  }));
}

const entry = (
  name: keyof typeof tasks,
  state: LiveTask["state"],
  cancelled: boolean = false,
): object => ({ task: tasks[name].id, state, cancelled, attempt: 1 });

export const liveTaskCases: readonly ConformanceCase[] = [
  {
    id: "tasks.order",
    title: "tasks() lists what runs, then the queue in its order, then what waits for room",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 3 });
      alike(executor.tasks(), [], "The tasks at first");
      const held = await stage.hold(executor);
      const [low, high, next] = [
        executor.submit(tasks.echo, 1, { priority: -1 }),
        executor.submit(tasks.typeOf, 2, { priority: 1 }),
        executor.submit(tasks.echo, 3, { priority: 1 }),
      ];
      const waiting = executor.submit(tasks.typeOf, 4, { priority: 2 });
      alike(
        listed(executor),
        [
          entry("hold", "running"),
          entry("typeOf", "queued"),
          entry("echo", "queued"),
          entry("echo", "queued"),
          entry("typeOf", "waiting"),
        ],
        "The tasks",
      );
      const ids = executor.tasks().map(({ id }) => id);
      alike(ids.slice(1), [high.id, next.id, low.id, waiting.id], "Their ids");
      held.open();
      await Promise.all([held.result, ...[low, high, next, waiting].map(({ result }) => result)]);
      await stage.until(() => executor.tasks().length === 0, "the end of the list");
    },
  },
  {
    id: "tasks.since",
    title: "tasks() tells since when each is in its state",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      await stage.moment();
      const queued = executor.run(tasks.echo, 1);
      const [running, behind] = executor.tasks();
      const ahead = Number(behind?.since) - Number(running?.since);
      // A timer may be early by a fraction of what it is late.
      ok(ahead > 20, `The queued task is younger than the running one by ${ahead} ms.`);
      await stage.moment();
      const again = executor.tasks()[1];
      const moved = Number(again?.since) - Number(behind?.since);
      ok(Math.abs(moved) < 20, `What is in the same state is so ${moved} ms later than before.`);
      held.open();
      await Promise.all([held.result, queued]);
    },
  },
  {
    id: "tasks.cancelled",
    title: "tasks() lists a cancelled task until its function has ended, and says that it is one",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 60_000 });
      const controller = new AbortController();
      const { signal } = controller;
      const held = await stage.hold(executor, { task: "deaf", signal });
      const queued = later(executor.run(tasks.echo, 1, { signal }));
      const behind = executor.run(tasks.echo, 2);
      controller.abort("enough");
      await Promise.all([rejection(held.result), rejection(queued)]);
      await stage.moment(10);
      const due = [entry("deaf", "running", true), entry("echo", "queued")];
      alike(listed(executor), due, "The tasks after the abort");
      held.open();
      same(await behind, 2);
      await stage.until(() => executor.tasks().length === 0, "the end of the list");
    },
  },
  {
    id: "tasks.map",
    title: "tasks() lists what a map has under way, as often as it is asked, and changes nothing",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const inputs = [1, 2, 3, 4, 5];
      const results = executor.map(tasks.echo, inputs, { concurrency: 5 }).toArray();
      await stage.until(() => executor.stats().queued === 5, "the tasks of the map");
      const due = [entry("hold", "running"), ...inputs.map(() => entry("echo", "queued"))];
      for (let time = 1; time <= 3; time++) alike(listed(executor), due, "The tasks");
      same(new Set(executor.tasks().map(({ id }) => id)).size, 6, "The number of ids");
      held.open();
      alike(await results, inputs, "The results");
      await held.result;
      same(executor.stats().completed, 6, "The number of completed tasks");
    },
  },
  {
    id: "tasks.worker",
    title: "tasks() tells on which worker a task runs",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const held = await stage.hold(executor);
      const queued = executor.run(tasks.echo, 1);
      const [running, behind] = executor.tasks();
      ok(running?.worker, "It does not tell where the task runs.");
      ok(behind && !("worker" in behind), "It tells where a task runs that does not.");
      held.open();
      await Promise.all([held.result, queued]);
    },
  },
  {
    id: "tasks.worker-none",
    title: "tasks() names no worker where there are none",
    needs: [here],
    run: async (stage) => {
      const executor = await stage.executor();
      const held = await stage.hold(executor);
      const [running] = executor.tasks();
      ok(running && !("worker" in running), "It names a worker.");
      held.open();
      await held.result;
    },
  },
];
