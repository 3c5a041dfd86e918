import { alike, failure, later, ok, refusal, rejection, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { ConformanceError } from "../conformance-error.ts";
import { tasks } from "../tasks.ts";

const over = { done: true, value: undefined };

export const streamCases: readonly ConformanceCase[] = [
  {
    id: "stream.items",
    title: "A stream gives what its task yields, then what it returns, then nothing any more",
    run: async (stage) => {
      const executor = await stage.executor();
      for (const [task, end] of [
        [tasks.count, "counted 2"],
        [tasks.countLater, "counted 2 later"],
      ] as const) {
        const stream = executor.stream(task, 2);
        alike(await stream.next(), { done: false, value: 0 });
        alike(await stream.next(), { done: false, value: 1 });
        alike(await stream.next(), { done: true, value: end });
        alike(await stream.next(), over);
      }
      alike(await executor.stream(tasks.count, 0).next(), { done: true, value: "counted 0" });
    },
  },
  {
    id: "stream.values",
    title: "Items of any kind arrive as they were yielded",
    run: async (stage) => {
      const executor = await stage.executor();
      const values = [undefined, null, 0, "", Number.NaN, { a: [1n] }, new Date(0)];
      const items: unknown[] = [];
      for await (const item of executor.stream(tasks.items, values)) items.push(item);
      alike(items, values, "The items");
    },
  },
  {
    id: "stream.yielded-promise",
    title: "A promise that a sync generator yields is no item; its value or error comes back",
    run: async (stage) => {
      const executor = await stage.executor();
      const asking = executor.stream(tasks.asks);
      alike(await asking.next(), { done: false, value: 21 });
      alike(await asking.next(), { done: true, value: 22 });
      const inVain = executor.stream(tasks.asksInVain);
      alike(await inVain.next(), { done: false, value: "no answer" });
      alike(await inVain.next(), { done: true, value: "caught" });
    },
  },
  {
    id: "stream.lazy",
    title: "A stream starts nothing before its first next()",
    run: async (stage) => {
      const executor = await stage.executor();
      const log = stage.log();
      const stream = executor.stream(tasks.produce, { log: log.path, length: 1 });
      await stage.moment(10);
      alike(log.lines(), [], "What ran");
      const returned = await stream.return("early");
      alike(returned, { done: true, value: "early" }, "What return() gives");
      alike(await stream.next(), over, "What comes after it");
      alike(log.lines(), [], "What ran");
    },
  },
  {
    id: "stream.error",
    title: "An error comes after the items that were yielded before it, once",
    run: async (stage) => {
      const executor = await stage.executor();
      const stream = executor.stream(tasks.failAfter, 3);
      const items: unknown[] = [];
      const read = async (): Promise<void> => {
        for await (const item of stream) items.push(item);
      };
      const error = await failure(read());
      ok(error instanceof ConformanceError && error.status === 3, `It is ${error.message}.`);
      alike(items, [0, 1, 2], "The items");
      alike(await stream.next(), over, "What comes after it");
      await failure(executor.stream(tasks.failAfter, 0).next());
    },
  },
  {
    id: "stream.break",
    title: "When a loop over a stream is left, the producer's finally has run",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      for (const task of [tasks.produce, tasks.produceLater]) {
        const log = stage.log();
        for await (const item of executor.stream(task, { log: log.path, length: 10_000 })) {
          if (item === 2) break;
        }
        same(log.lines().length, 1, "The number of lines the finally has written");
      }
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "stream.return",
    title: "return() gives its value when the producer has cleaned up, and ends waiting readers",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const stream = executor.stream(tasks.pause, { log: log.path, until: gate.path });
      same((await stream.next()).value, "first");
      const reading = stream.next();
      const returned = await stream.return("my own");
      alike(returned, { done: true, value: "my own" }, "What return() gives");
      alike(log.lines(), ["started", "finally"], "What ran");
      alike(await reading, over, "What the waiting reader gets");
      alike(await stream.next(), over, "What comes after it");
    },
  },
  {
    id: "stream.dispose",
    title: "A stream can be disposed of",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const log = stage.log();
      const stream = executor.stream(tasks.produce, { log: log.path, length: 10_000 });
      await stream.next();
      await stream[Symbol.asyncDispose]();
      same(log.lines().length, 1, "The number of lines the finally has written");
    },
  },
  {
    id: "stream.throw",
    title: "throw() ends the producer and rejects with its very error",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const log = stage.log();
      const stream = executor.stream(tasks.produce, { log: log.path, length: 10_000 });
      await stream.next();
      const reason = new Error("my own");
      same(await rejection(stream.throw(reason)), reason, "What throw() rejects with");
      same(log.lines().length, 1, "The number of lines the finally has written");
    },
  },
  {
    id: "stream.untidy",
    title: "return() rejects with what the producer's finally throws",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const stream = executor.stream(tasks.untidy, undefined, { window: 2 });
      await stream.next();
      const error = await failure(stream.return(undefined));
      same(error.message, "failed to clean up", "The message");
    },
  },
  {
    id: "stream.abort",
    title: "The signal of a stream rejects its reader with its very reason, and ends the producer",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      const [log, gate] = [stage.log(), stage.gate()];
      const controller = new AbortController();
      const errand = { log: log.path, until: gate.path };
      const stream = executor.stream(tasks.pause, errand, { signal: controller.signal });
      same((await stream.next()).value, "first");
      const reading = later(stream.next());
      controller.abort("enough");
      same(await rejection(reading), "enough", "The reason");
      await log.has("finally");
      alike(await stream.next(), over, "What comes after it");
      const before = executor.stream(tasks.count, 3, { signal: controller.signal });
      same(await rejection(before.next()), "enough", "The reason, known before");
    },
  },
  {
    id: "stream.abort-paused",
    title: "An abort ends a producer that is paused for its consumer",
    run: async (stage) => {
      const executor = await stage.executor({ grace: 60_000 });
      for (const task of [tasks.produce, tasks.produceLater]) {
        const log = stage.log();
        const controller = new AbortController();
        const options = { signal: controller.signal, window: 1 };
        const stream = executor.stream(task, { log: log.path, length: 10_000 }, options);
        await stream.next();
        await stage.moment(10);
        controller.abort("enough");
        await stage.until(() => log.lines().length > 0, "the end of the producer");
        const rest = async (): Promise<void> => {
          for await (const _ of stream);
        };
        same(await rejection(rest()), "enough", "The reason");
      }
    },
  },
  {
    id: "stream.concurrent-reading",
    title: "Several next() at once get one item each, in order, then the result",
    run: async (stage) => {
      const executor = await stage.executor();
      const stream = executor.stream(tasks.count, 2, { window: 1 });
      const steps = await Promise.all([1, 2, 3, 4].map(() => stream.next()));
      alike(
        steps.map(({ value }) => value),
        [0, 1, "counted 2", undefined],
        "The items",
      );
      alike(
        steps.map(({ done }) => done === true),
        [false, false, true, true],
        "The ends",
      );
    },
  },
  {
    id: "stream.refused",
    title: "What is wrong with the call rejects the first next(), and then the stream is over",
    run: async (stage) => {
      const executor = await stage.executor();
      const stream = executor.stream(tasks.count, 2, { window: 0 });
      await refusal(stream.next(), "INVALID_OPTION");
      alike(await stream.next(), over, "What comes after it");
    },
  },
];
