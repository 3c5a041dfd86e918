import type { Executor, NamedPermit } from "@quintet/core";
import { alike, failure, later, ok, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { elsewhere } from "../needs.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";
import { untilTrue } from "../until-true.ts";

let count = 0;
/** A name of its own for each case: executors are shared. */
const unique = (): string => `s${++count}`;

/** Somebody who waits is in line. */
const inLine = (executor: Executor, name: string, many: number) => async (): Promise<boolean> =>
  (await executor.semaphore(name).inspect()).state["waiting"] === many;

export const namedSemaphoreCases: readonly ConformanceCase[] = [
  {
    id: "semaphore.shared",
    title: "The caller and its tasks mean the same semaphore by the same name",
    run: async (stage) => {
      const executor = await stage.executor();
      const semaphore = unique();
      const permit = await executor.semaphore(semaphore).acquire();
      same(await executor.run(tasks.triesPermit, { semaphore }), false, "While the caller has it");
      same(await executor.run(tasks.triesPermit, { semaphore: unique() }), true, "Another name");
      await permit[Symbol.asyncDispose]();
      same(await executor.run(tasks.triesPermit, { semaphore }), true, "When it is back");
    },
  },
  {
    id: "semaphore.of-task",
    title: "What a task holds is not free for its caller, and goes back when the task has ended",
    run: async (stage) => {
      const executor = await stage.executor();
      const [semaphore, log, gate] = [unique(), stage.log(), stage.gate()];
      const errand = { semaphore, log: log.path, until: gate.path };
      const run = executor.run(tasks.keepsPermit, errand);
      await log.has("keeps holds");
      same(await executor.semaphore(semaphore).tryAcquire(), undefined, "While the task has it");
      const next = executor.semaphore(semaphore).acquire();
      gate.open();
      const token = await run;
      const permit = await next;
      ok(permit.fencingToken > token, `${permit.fencingToken} was granted after ${token}.`);
      permit.release();
    },
  },
  {
    id: "semaphore.of-failed-task",
    title: "A permit of a task that fails goes back",
    run: async (stage) => {
      const executor = await stage.executor();
      const semaphore = unique();
      await failure(executor.run(tasks.failsWithPermit, { semaphore }));
      (await executor.semaphore(semaphore).acquire()).release();
    },
  },
  {
    id: "semaphore.of-lost-worker",
    title: "A permit of a task whose worker dies goes back",
    needs: [elsewhere],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const semaphore = unique();
      await refusal(executor.run(tasks.exitsWithPermit, { semaphore }), "WORKER_LOST");
      (await executor.semaphore(semaphore).acquire()).release();
      same(await executor.run(tasks.triesPermit, { semaphore }), true);
    },
  },
  {
    id: "semaphore.of-cancelled-task",
    title: "A task that is cancelled while it waits has left the line, and the next one is served",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const [semaphore, log] = [unique(), stage.log()];
      const permit = await executor.semaphore(semaphore).acquire();
      const controller = new AbortController();
      const { signal } = controller;
      const run = later(executor.run(tasks.keepsPermit, { semaphore }, { signal }));
      await untilTrue(inLine(executor, semaphore, 1), "the task to wait");
      const next = executor.run(tasks.keepsPermit, { semaphore, log: log.path, name: "next" });
      const reason = new Error("enough");
      controller.abort(reason);
      same(await rejection(run), reason, "The reason");
      permit.release();
      await next;
      await log.has("next holds");
    },
  },
  {
    id: "semaphore.bound",
    title: "No more tasks are inside at a time than there are permits, wherever they run",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 4 });
      const [semaphore, log] = [unique(), stage.log()];
      const errand = { semaphore, permits: 2, log: log.path };
      await Promise.all(numbers(12).map(() => executor.run(tasks.usesPermit, errand)));
      let inside = 0;
      let most = 0;
      for (const line of log.lines()) {
        inside += line === "in" ? 1 : -1;
        most = Math.max(most, inside);
      }
      same(log.lines().length, 24, "The number of lines");
      ok(most <= 2, `${most} were inside at a time.`);
    },
  },
  {
    id: "semaphore.order",
    title: "Those who wait are served by priority, and first come first within one",
    run: async (stage) => {
      const semaphore = (await stage.executor()).semaphore(unique());
      const first = await semaphore.acquire();
      const order: number[] = [];
      const wait = async (n: number, priority: number): Promise<void> => {
        const permit = await semaphore.acquire({ priority });
        order.push(n);
        permit.release();
      };
      const waits = [wait(1, 0), wait(2, 5), wait(3, 0), wait(4, 5)];
      first.release();
      await Promise.all(waits);
      alike(order, [2, 4, 1, 3], "The order");
    },
  },
  {
    id: "semaphore.weights",
    title: "Nobody passes a heavier one that waits, and what can never be granted is refused",
    run: async (stage) => {
      const semaphore = (await stage.executor()).semaphore(unique(), 3);
      const light = await semaphore.acquire();
      let heavy: NamedPermit | undefined;
      const waiting = semaphore.acquire({ weight: 3 }).then((permit) => (heavy = permit));
      same(await semaphore.tryAcquire(), undefined, "A permit while a heavier one waits");
      same(heavy, undefined, "The heavier one");
      await refusal(semaphore.acquire({ weight: 4 }), "INVALID_OPTION");
      light.release();
      same((await waiting).weight, 3, "The weight");
      heavy?.release();
    },
  },
  {
    id: "semaphore.abort",
    title: "An abort while waiting rejects with the reason and loses no permit",
    run: async (stage) => {
      const semaphore = (await stage.executor()).semaphore(unique());
      const permit = await semaphore.acquire();
      const controller = new AbortController();
      const { signal } = controller;
      const aborted = later(semaphore.acquire({ signal }));
      const next = semaphore.acquire();
      controller.abort("enough");
      same(await rejection(aborted), "enough", "The reason");
      same(await rejection(semaphore.acquire({ signal })), "enough", "The reason of a late one");
      permit.release();
      (await next).release();
      (await semaphore.acquire()).release();
    },
  },
  {
    id: "semaphore.timeout",
    title: "A wait that is too long ends with TIMEOUT, for the caller and for tasks",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      const permit = await executor.semaphore(name).acquire();
      await refusal(executor.semaphore(name).acquire({ timeout: 20 }), "TIMEOUT");
      same(await executor.run(tasks.waitsInVain, { semaphore: name }), "TIMEOUT", "The code");
      permit.release();
      (await executor.semaphore(name).acquire({ timeout: 20_000 })).release();
    },
  },
  {
    id: "semaphore.release",
    title: "A permit goes back once, however often it is released; `use` gives it back in any case",
    run: async (stage) => {
      const semaphore = (await stage.executor()).semaphore(unique());
      const permit = await semaphore.acquire();
      permit.release();
      permit.release();
      await permit[Symbol.asyncDispose]();
      const held = await semaphore.acquire();
      same(await semaphore.tryAcquire(), undefined, "A second permit");
      held.release();
      const error = new Error("thrown while it is held");
      const failed = semaphore.use(() => {
        throw error;
      });
      same(await rejection(failed), error, "The error");
      same(await semaphore.use(({ weight }) => weight), 1, "What the function gave");
      (await semaphore.acquire()).release();
    },
  },
  {
    id: "semaphore.capacity",
    title: "The last number of permits that somebody says counts",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      same(await executor.run(tasks.triesPermit, { semaphore: name, weight: 2, permits: 2 }), true);
      const { state } = await executor.semaphore(name).inspect();
      alike([state["capacity"], state["available"], state["waiting"]], [2, 2, 0], "What it has");
      const both = await executor.semaphore(name).acquire({ weight: 2 });
      const third = executor.semaphore(name, 3).acquire();
      (await third).release();
      both.release();
    },
  },
  {
    id: "semaphore.names",
    title: "Names are data: any string is a name, and what is none is refused by a rejection",
    run: async (stage) => {
      const executor = await stage.executor();
      const names = ["__proto__", "constructor", "", "../../x", "a:b{c}", "ключ 🔑", "a\0b"];
      const permits = await Promise.all(names.map((name) => executor.semaphore(name).acquire()));
      for (const semaphore of names)
        same(await executor.run(tasks.triesPermit, { semaphore }), false, `"${semaphore}"`);
      for (const permit of permits) await permit[Symbol.asyncDispose]();
      for (const name of [5, null, undefined, {}] as never[])
        await refusal(executor.semaphore(name).acquire(), "INVALID_OPTION");
      for (const number of [0, 1.5, "2", Infinity] as never[])
        await refusal(executor.semaphore(unique(), number).acquire(), "INVALID_OPTION");
      const options = [{ weight: 0 }, { timeout: -1 }, { signal: 1 }, { wait: 1 }] as never[];
      for (const wrong of options)
        await refusal(executor.semaphore(unique()).acquire(wrong), "INVALID_OPTION");
    },
  },
  {
    id: "semaphore.closed",
    title: "When its executor is closed, whoever waits for a permit, or comes for one, is refused",
    run: async (stage) => {
      const executor = await stage.fresh();
      const semaphore = executor.semaphore("a");
      const permit = await semaphore.acquire();
      const waiting = later(semaphore.acquire());
      await untilTrue(inLine(executor, "a", 1), "the caller to wait");
      await executor.close();
      await refusal(waiting, "CLOSED");
      await refusal(semaphore.acquire(), "CLOSED");
      await refusal(executor.semaphore("b").tryAcquire(), "CLOSED");
      permit.release();
    },
  },
];
