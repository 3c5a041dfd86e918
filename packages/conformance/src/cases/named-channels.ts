import { alike, failure, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { ConformanceError } from "../conformance-error.ts";
import { numbers } from "../supply.ts";
import { tasks } from "../tasks.ts";

let count = 0;
/** A name of its own for each case: executors are shared. */
const unique = (): string => `c${++count}`;

/** What every place can carry. */
const values = [undefined, null, Number.NaN, -0, "", { a: [1n] }, new Date(0), new Map([[1, 2]])];

async function all(channel: AsyncIterable<unknown>): Promise<unknown[]> {
  const received: unknown[] = [];
  for await (const value of channel) received.push(value);
  return received;
}

export const namedChannelCases: readonly ConformanceCase[] = [
  {
    id: "channel.from-task",
    title: "The caller receives what a task sends, in order and whole, and then the end",
    run: async (stage) => {
      const executor = await stage.executor();
      const channel = unique();
      const run = executor.run(tasks.sends, { channel, values, closes: true });
      alike(await all(executor.channel(channel)), values, "The values");
      same(await run, values.length, "How many were sent");
    },
  },
  {
    id: "channel.to-task",
    title: "A task receives what the caller sends, in order and whole, and then the end",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      const channel = executor.channel(name, { capacity: 2 });
      const run = executor.run(tasks.receivesAll, { channel: name });
      for (const value of values) await channel.send(value);
      await channel.close();
      alike(await run, values, "The values");
    },
  },
  {
    id: "channel.between-tasks",
    title: "Tasks that run side by side talk with each other",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const [channel, to] = [unique(), unique()];
      const passing = executor.run(tasks.passesOn, { channel, to });
      const received = all(executor.channel(to));
      await executor.run(tasks.sends, { channel, values: numbers(20), closes: true });
      alike(await received, numbers(20), "The values");
      await passing;
    },
  },
  {
    id: "channel.many",
    title: "Of many senders every value is received once, those of each sender in order",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 2 });
      const name = unique();
      const channel = executor.channel<readonly [number, number]>(name, { capacity: 3 });
      const sends = (sender: number): Promise<number> =>
        executor.run(tasks.sends, { channel: name, values: numbers(25).map((n) => [sender, n]) });
      const sent = Promise.all([sends(0), sends(1), sends(2)]).then(() => channel.close());
      const received = (await all(channel)) as (readonly [number, number])[];
      await sent;
      same(received.length, 75, "The number of values");
      for (const sender of numbers(3)) {
        const of = received.filter(([from]) => from === sender).map(([, n]) => n);
        alike(of, numbers(25), `What sender ${sender} sent`);
      }
    },
  },
  {
    id: "channel.rendezvous",
    title: "Without a capacity a send ends when somebody receives",
    run: async (stage) => {
      const channel = (await stage.executor()).channel(unique());
      let isSent = false;
      const sent = channel.send(1).then(() => (isSent = true));
      same(await channel.trySend(2), false, "A second one that does not wait");
      same(isSent, false, "Whether it is sent");
      alike(await channel.receive(), { done: false, value: 1 });
      await sent;
      same(await channel.tryReceive(), undefined, "What is left");
    },
  },
  {
    id: "channel.capacity",
    title: "So many values as its capacity wait without their senders",
    run: async (stage) => {
      const executor = await stage.executor();
      const [name, options] = [unique(), { capacity: 2 }];
      const channel = executor.channel(name, options);
      await executor.run(tasks.sends, { channel: name, options, values: ["a", "b"] });
      same(await channel.trySend("c"), false, "A third one");
      const { state } = await channel.inspect();
      alike([state["capacity"], state["size"]], [2, 2], "What it holds");
      alike(await channel.receive(), { done: false, value: "a" });
      same(await channel.trySend("c"), true, "When there is room");
      alike(await channel.tryReceive(), { done: false, value: "b" });
      alike(await channel.tryReceive(), { done: false, value: "c" });
      same(await channel.tryReceive(), undefined, "What is left");
    },
  },
  {
    id: "channel.overflow",
    title: "A full channel drops or refuses what its options say",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const [overflow, kept] of [
        ["drop-oldest", [2, 3]],
        ["drop-newest", [0, 1]],
      ] as const) {
        const [name, options] = [unique(), { capacity: 2, overflow }];
        const channel = executor.channel(name, options);
        await executor.run(tasks.sends, { channel: name, options, values: [0, 1], closes: false });
        await channel.send(2);
        await channel.send(3);
        await channel.close();
        alike(await all(channel), kept, `What ${overflow} keeps`);
      }
      const strict = executor.channel(unique(), { capacity: 1, overflow: "error" });
      await strict.send(1);
      await refusal(strict.send(2), "QUEUE_FULL");
      same(await strict.trySend(2), false);
    },
  },
  {
    id: "channel.close-error",
    title: "What it was closed with comes whole after the values, and a sender is refused",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      const channel = executor.channel(name, { capacity: 4 });
      await channel.send(1);
      await executor.run(tasks.closesWith, { channel: name, status: 7 });
      await executor.run(tasks.closesWith, { channel: name, status: 8 });
      alike(await channel.receive(), { done: false, value: 1 });
      const thrown = await failure(channel.receive());
      ok(thrown instanceof ConformanceError && thrown.status === 7, `It is ${thrown.message}.`);
      await failure(channel.tryReceive());
      await refusal(channel.send(2), "CHANNEL_CLOSED");
      const run = executor.run(tasks.sends, { channel: name, values: [2] });
      await refusal(run, "CHANNEL_CLOSED");
    },
  },
  {
    id: "channel.close-waiting",
    title: "What waits to be sent at the close is still received, and receivers that wait end",
    run: async (stage) => {
      const executor = await stage.executor();
      const [full, empty] = [executor.channel(unique()), executor.channel(unique())];
      const sent = full.send("late");
      await full.close();
      alike(await all(full), ["late"], "What is received");
      await sent;
      const receiving = empty.receive();
      await empty.close();
      await empty.close(new Error("a second time"));
      alike(await receiving, { done: true, value: undefined });
    },
  },
  {
    id: "channel.options",
    title: "Whoever says something else of a channel is refused, and what is no option too",
    run: async (stage) => {
      const executor = await stage.executor();
      const name = unique();
      const channel = executor.channel(name, { capacity: 1 });
      await channel.send(1);
      await refusal(executor.channel(name, { capacity: 2 }).send(2), "INVALID_OPTION");
      alike(await executor.channel(name).receive(), { done: false, value: 1 });
      for (const options of [{ capacity: -1 }, { overflow: "drop" }, { size: 1 }] as never[])
        await refusal(executor.channel(unique(), options).send(1), "INVALID_OPTION");
      const oldest = { overflow: "drop-oldest" } as const;
      await refusal(executor.channel(unique(), oldest).send(1), "INVALID_OPTION");
      for (const wrong of [5, null, {}] as never[])
        await refusal(executor.channel(wrong).send(1), "INVALID_OPTION");
      await refusal(executor.channel(unique()).receive({ signal: 1 } as never), "INVALID_OPTION");
    },
  },
  {
    id: "channel.names",
    title: "Names are data: any string is a name of its own",
    run: async (stage) => {
      const executor = await stage.executor();
      const names = ["__proto__", "constructor", "", "../../x", "a:b{c}", "ключ 🔑", "a\0b"];
      const options = { capacity: 1 };
      for (const channel of names)
        await executor.run(tasks.sends, { channel, options, values: [channel] });
      for (const name of names)
        alike(await executor.channel(name).receive(), { done: false, value: name });
    },
  },
];
