import { later, ok, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { ListenerCount } from "../listener-count.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

export const listenerCases: readonly ConformanceCase[] = [
  {
    id: "listener.run",
    title: "After 1,000 runs on one signal none of their listeners is left",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const { signal } = new AbortController();
      const listeners = new ListenerCount(signal);
      for (let round = 0; round < 10; round++) {
        await Promise.all(numbers(100).map((n) => executor.run(tasks.echo, n, { signal })));
      }
      same(listeners.current, 0, "The number of listeners");
    },
  },
  {
    id: "listener.failed",
    title: "Tasks that fail, are refused or cancelled otherwise leave no listeners",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 2 });
      const { signal } = new AbortController();
      const listeners = new ListenerCount(signal);
      const held = await stage.hold(executor, { signal });
      ok(listeners.current > 0, "The running task does not listen to its signal.");
      const failing = later(executor.run(tasks.fail, "TypeError", { signal }));
      const cancelled = executor.submit(tasks.echo, 1, { signal });
      await rejection(executor.run(tasks.echo, 1, { signal }));
      await rejection(executor.run(tasks.echo, 1, { signal, priority: Number.NaN }));
      const waiting = executor.submit(tasks.echo, 1, { signal });
      const results = [later(cancelled.result), later(waiting.result)];
      cancelled.cancel();
      waiting.cancel();
      held.open();
      await Promise.all(results.map(rejection));
      await rejection(failing);
      await held.result;
      same(listeners.current, 0, "The number of listeners");
    },
  },
  {
    id: "listener.map",
    title: "A map leaves no listeners, whether it is read, left or fails",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const { signal } = new AbortController();
      const listeners = new ListenerCount(signal);
      await executor.map(tasks.echo, numbers(50), { signal }).toArray();
      for await (const n of executor.map(tasks.echo, numbers(50), { signal })) if (n === 9) break;
      const failing = executor.map(tasks.failOdd, numbers(50), { signal }).toArray();
      await rejection(failing);
      same(listeners.current, 0, "The number of listeners");
    },
  },
  {
    id: "listener.stream",
    title: "A stream leaves no listeners, whether it is read, left or fails",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const { signal } = new AbortController();
      const listeners = new ListenerCount(signal);
      for await (const _ of executor.stream(tasks.count, 50, { signal }));
      for await (const n of executor.stream(tasks.count, 50, { signal })) if (n === 9) break;
      const failing = executor.stream(tasks.failAfter, 0, { signal }).next();
      await rejection(failing);
      await executor.stream(tasks.count, 50, { signal }).return("never started");
      same(listeners.current, 0, "The number of listeners");
    },
  },
  {
    id: "listener.few",
    title: "However many tasks wait on a signal, it gets few listeners",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const { signal } = new AbortController();
      const listeners = new ListenerCount(signal);
      const held = await stage.hold(executor);
      const runs = numbers(200).map((n) => executor.run(tasks.echo, n, { signal }));
      ok(listeners.highest <= 10, `The signal has ${listeners.highest} listeners.`);
      held.open();
      await Promise.all(runs);
      same(listeners.current, 0, "The number of listeners");
    },
  },
];
