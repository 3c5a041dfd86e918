import { LocalDesk, RunNames, systemClock } from "@quintet/core/kit";
import { alike, later, ok, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { byCopy, near, preemptive } from "../needs.ts";
import { tasks } from "../tasks.ts";
import { untilTrue } from "../until-true.ts";

let count = 0;
/** A name of its own for each case: executors are shared. */
const unique = (): string => `e${++count}`;

/** What becomes of values and of those who wait when something ends, or cannot travel. */
export const namedChannelEndCases: readonly ConformanceCase[] = [
  {
    id: "channel.abort",
    title: "An abort while waiting rejects with the reason; no value is lost or sent",
    run: async (stage) => {
      const channel = (await stage.executor()).channel<number>(unique());
      const controller = new AbortController();
      const { signal } = controller;
      const receiving = later(channel.receive({ signal }));
      controller.abort("enough");
      same(await rejection(receiving), "enough", "The reason");
      same(await rejection(channel.send(0, { signal })), "enough", "The reason of a late one");
      const second = new AbortController();
      const sending = later(channel.send(1, { signal: second.signal }));
      second.abort("too much");
      same(await rejection(sending), "too much", "The reason");
      const sent = channel.send(2);
      alike(await channel.receive(), { done: false, value: 2 });
      await sent;
    },
  },
  {
    id: "channel.of-cancelled-task",
    title:
      "A task that is cancelled while it waits ends with the reason, and takes no value with it",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      const channel = executor.channel<string>(name);
      const waiting = (many: number) => async (): Promise<boolean> =>
        (await channel.inspect()).state["receivers"] === many;
      const controller = new AbortController();
      const { signal } = controller;
      const run = later(executor.run(tasks.receivesOne, { channel: name }, { signal }));
      await untilTrue(waiting(1), "the task to wait");
      const reason = new Error("enough");
      controller.abort(reason);
      same(await rejection(run), reason, "The reason");
      const restarts = executor.stats().restarts;
      // Over a network a cancel takes a moment to be known.
      if (stage.traits.isolation === "machine") await untilTrue(waiting(0), "the task to be gone");
      const next = executor.run(tasks.receivesOne, { channel: name });
      const sent = channel.send("for the next");
      same(await next, "for the next", "What the next task received");
      await sent;
      same(executor.stats().restarts, restarts, "The number of workers that were stopped");
    },
  },
  {
    id: "channel.left-behind",
    title: "What a task leaves waiting ends with it, and costs no other task anything",
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1 });
      const log = stage.log();
      const permit = await executor.semaphore("s").acquire();
      await executor.run(tasks.leavesWaiting, { channel: "c", semaphore: "s", log: log.path });
      await log.has("loop ended");
      for (const n of [1, 2, 3]) same(await executor.run(tasks.echo, n), n);
      same(executor.stats().restarts, 0, "The number of lost workers");
      const received = executor.channel("c").receive();
      await executor.channel("c").send("for the caller");
      alike(await received, { done: false, value: "for the caller" });
      permit.release();
      (await executor.semaphore("s").acquire()).release();
    },
  },
  {
    id: "channel.of-stopped-task",
    title: "Who waits at a channel is not held up by a worker that was stopped",
    needs: [preemptive],
    run: async (stage) => {
      const executor = await stage.fresh({ concurrency: 1, grace: 20 });
      const channel = executor.channel<number>("a", { capacity: 1 });
      const controller = new AbortController();
      const held = await stage.hold(executor, { task: "deaf", signal: controller.signal });
      controller.abort("stop");
      same(await rejection(held.result), "stop", "The reason");
      const run = executor.run(tasks.sends, { channel: "a", values: [1] });
      alike(await channel.receive(), { done: false, value: 1 });
      await run;
    },
  },
  {
    id: "channel.uncloneable",
    title: "A value that cannot travel is refused with its path; the channel goes on",
    needs: [byCopy],
    run: async (stage) => {
      const executor = await stage.executor();
      const [name, options] = [unique(), { capacity: 2 }];
      const channel = executor.channel(name, options);
      const path = await executor.run(tasks.sendsFunction, { channel: name, options });
      ok(String(path).includes("options.onDone"), `The path is ${String(path)}.`);
      const error = await refusal(channel.send({ onDone: () => {} }), "NOT_CLONEABLE");
      ok(error.path.includes("onDone"), `The path is ${error.path}.`);
      alike(await channel.receive(), { done: false, value: "something else" });
      same(await channel.tryReceive(), undefined, "What is left");
    },
  },
  {
    id: "channel.copies",
    title: "Where values are copied, a receiver shares nothing with the sender",
    needs: [byCopy],
    run: async (stage) => {
      const channel = (await stage.executor()).channel<{ n: number }>(unique(), { capacity: 1 });
      const value = { n: 1 };
      await channel.send(value);
      value.n = 2;
      alike(await channel.receive(), { done: false, value: { n: 1 } });
    },
  },
  {
    id: "channel.closed-executor",
    title: "When its executor is closed, those who wait and those who come are refused with CLOSED",
    run: async (stage) => {
      const executor = await stage.fresh();
      const receiving = later(executor.channel("a").receive());
      const sending = later(executor.channel("b").send(1));
      await executor.close();
      await refusal(receiving, "CLOSED");
      await refusal(sending, "CLOSED");
      await refusal(executor.channel("c").tryReceive(), "CLOSED");
    },
  },
  {
    id: "channel.of-another",
    title: "A task that is run with the names of another executor finds those",
    needs: [near],
    run: async (stage) => {
      const executor = await stage.executor();
      const desk = new LocalDesk(systemClock);
      const names = Object.assign(new RunNames(desk), { desk });
      const options = { capacity: 1 };
      await executor.run(tasks.sends, { channel: "a", options, values: ["there"] }, { names });
      alike(await names.channel("a").receive(), { done: false, value: "there" });
      same(await executor.channel("a").tryReceive(), undefined, "What is here");
      const semaphore = "only here";
      const permit = await names.semaphore(semaphore).acquire();
      same(await executor.run(tasks.triesPermit, { semaphore }, { names }), false);
      same(await executor.run(tasks.triesPermit, { semaphore }), true);
      permit.release();
      const wrong = { names: {} } as never;
      await refusal(executor.run(tasks.echo, 1, wrong), "INVALID_OPTION");
    },
  },
];
