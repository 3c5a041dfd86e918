import { alike, later, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

export const queueCases: readonly ConformanceCase[] = [
  {
    id: "queue.full",
    title: "run() and stream() reject with QUEUE_FULL where maxQueue tasks wait; those finish",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 2 });
      const held = await stage.hold(executor);
      const queued = [1, 2].map((n) => executor.run(tasks.echo, n));
      await refusal(executor.run(tasks.echo, 3), "QUEUE_FULL");
      await refusal(executor.stream(tasks.count, 3).next(), "QUEUE_FULL");
      same(executor.stats().queued, 2, "The number of queued tasks");
      held.open();
      alike(await Promise.all(queued), [1, 2], "What the queued tasks gave");
      same(await executor.run(tasks.echo, 4), 4);
    },
  },
  {
    id: "queue.submit-waits",
    title: "submit() waits for room where run() is refused; `accepted` tells when there is some",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 1 });
      const held = await stage.hold(executor);
      const queued = executor.submit(tasks.echo, 1);
      const waiting = executor.submit(tasks.echo, 2);
      let accepted = false;
      const noted = waiting.accepted.then(() => (accepted = true));
      await queued.accepted;
      await stage.moment(10);
      same(waiting.state, "waiting", "The state");
      same(accepted, false, "Whether it is accepted");
      same(executor.stats().waiting, 1, "The number of waiting tasks");
      await refusal(executor.run(tasks.echo, 3), "QUEUE_FULL");
      held.open();
      await noted;
      alike(await Promise.all([queued.result, waiting.result]), [1, 2], "The results");
      same(executor.stats().waiting, 0, "The number of waiting tasks");
    },
  },
  {
    id: "queue.none",
    title: "With maxQueue 0 a task is taken when it can start at once, and no other",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 0 });
      const gate = stage.gate();
      const first = executor.run(tasks.hold, { until: gate.path });
      await refusal(executor.run(tasks.echo, 2), "QUEUE_FULL");
      gate.open();
      same(await first, "hold");
      same(await executor.run(tasks.echo, 3), 3);
    },
  },
  {
    id: "queue.map",
    title: "A map waits for room in a full queue",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 2, maxQueue: 1 });
      const results = executor.map(tasks.echo, numbers(30), { concurrency: 10 });
      alike(await results.toArray(), numbers(30), "The results");
    },
  },
  {
    id: "queue.abort-waiting",
    title: "A task that waits for room can be cancelled, and leaves room for others",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, maxQueue: 0 });
      const held = await stage.hold(executor);
      const controller = new AbortController();
      const given = executor.submit(tasks.echo, 1, { signal: controller.signal });
      const results = [later(given.result), later(given.accepted)];
      const next = executor.submit(tasks.echo, 2);
      const reason = new Error("not now");
      controller.abort(reason);
      for (const result of results) {
        same(
          await result.then(
            () => "accepted",
            (error: unknown) => error,
          ),
          reason,
          "The outcome",
        );
      }
      same(given.state, "cancelled", "The state");
      held.open();
      same(await next.result, 2);
      ok(executor.stats().cancelled === 1, "It was not counted as cancelled.");
    },
  },
];
