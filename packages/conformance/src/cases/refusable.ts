import { inline, type LocalExecutor, type TaskContext } from "@quintet/core";
import { alike, failure, ok, refusal, same } from "../assertions.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import {
  closures,
  inlineTasks,
  noClosures,
  noInlineTasks,
  noSharedMemory,
  noTransfer,
  sharedMemory,
  transfer,
} from "../needs.ts";
import type { Stage } from "../stage.ts";
import { tasks } from "../tasks.ts";

const local = async (stage: Stage): Promise<LocalExecutor> =>
  (await stage.executor()) as LocalExecutor;

const double = inline((n: number) => 2 * n);

// Plain functions, which know nothing of tasks.
const plain = (n: number): number => n;
const about = (_: number, { attempt }: TaskContext): number => attempt;
function* generate(n: number): Generator<number> {
  yield n;
}

/** What an executor may or may not do besides, each as its traits say. */
export const refusableCases: readonly ConformanceCase[] = [
  {
    id: "closure.run",
    title: "closures: plain functions and closures run, map and stream",
    needs: [closures],
    run: async (stage) => {
      const executor = await local(stage);
      let calls = 0;
      const count = (n: number): number => n + ++calls;
      same(await executor.run(count, 10), 11);
      same(await executor.submit(count, 10).result, 12);
      alike(await executor.map(count, [10, 10]).toArray(), [13, 14]);
      const items: number[] = [];
      const pair = function* (n: number): Generator<number> {
        yield n;
        yield n + calls;
      };
      for await (const item of executor.stream(pair, 1)) items.push(item);
      alike(items, [1, 5]);
      same(await executor.run(about, 0), 1, "The attempt");
    },
  },
  {
    id: "closure.refused",
    title: "no closures: plain functions reject with NOT_SUPPORTED",
    needs: [noClosures],
    run: async (stage) => {
      const executor = await local(stage);
      await refusal(executor.run(plain, 1), "NOT_SUPPORTED");
      await refusal(executor.submit(plain, 1).result, "NOT_SUPPORTED");
      await refusal(executor.map(plain, [1]).toArray(), "NOT_SUPPORTED");
      await refusal(executor.stream(generate, 1).next(), "NOT_SUPPORTED");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "inline.run",
    title: "inline: self-contained functions of every form run from their source",
    needs: [inlineTasks],
    run: async (stage) => {
      const executor = await stage.executor();
      same(await executor.run(double, 21), 42);
      same(
        await executor.run(
          inline(async (n: number) => n + 1),
          1,
        ),
        2,
      );
      const form = inline(function form(n: number) {
        return n + 2;
      });
      same(await executor.run(form, 1), 3);
      const [method] = Object.values({
        add(n: number): number {
          return n + 3;
        },
      });
      same(await executor.run(inline(method!), 1), 4);
      const items: number[] = [];
      const pair = inline(function* pair(n: number) {
        yield n;
        yield n + 1;
      });
      for await (const item of executor.stream(pair, 1)) items.push(item);
      alike(items, [1, 2]);
      alike(await executor.map(double, [1, 2]).toArray(), [2, 4]);
      const failing = inline(() => {
        throw new RangeError("inside");
      });
      ok((await failure(executor.run(failing))) instanceof RangeError, "The class is lost.");
    },
  },
  {
    id: "inline.refused",
    title: "no inline: functions by their source reject with NOT_SUPPORTED",
    needs: [noInlineTasks],
    run: async (stage) => {
      const executor = await stage.executor();
      await refusal(executor.run(double, 1), "NOT_SUPPORTED");
      await refusal(executor.map(double, [1]).toArray(), "NOT_SUPPORTED");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "transfer.arrives",
    title: "transfer: buffers, views on them and ports arrive",
    needs: [transfer],
    run: async (stage) => {
      const executor = await stage.executor();
      const bytes = Uint8Array.of(1, 2, 3);
      const options = { transfer: [bytes.buffer] };
      same(await executor.run(tasks.byteSum, bytes, options), 6);
      const { port1, port2 } = new MessageChannel();
      const heard = new Promise((resolve) => {
        port1.addEventListener("message", (event) => resolve((event as { data?: unknown }).data));
      });
      port1.start();
      const input = { port: port2, text: "hear" };
      await executor.run(tasks.answer, input, { transfer: [port2] });
      same(await heard, "hear yourself", "What came through the port");
      port1.close();
    },
  },
  {
    id: "transfer.moves",
    title:
      "transfer: where values are copied, what is transferred is gone here; a second time is refused",
    needs: [transfer, { trait: "values", met: (traits) => traits.values !== "reference" }],
    run: async (stage) => {
      const executor = await stage.executor();
      const bytes = Uint8Array.of(4, 5, 6);
      const options = { transfer: [bytes.buffer] };
      const runs = [executor.run(tasks.byteSum, bytes, options), executor.run(tasks.echo, 1)];
      const again = refusal(executor.run(tasks.byteSum, bytes, options), "NOT_CLONEABLE");
      alike(await Promise.all(runs), [15, 1], "The results");
      await again;
      same(bytes.length, 0, "The length of what was transferred");
      await failure(executor.run(tasks.echo, {}, { transfer: [{}] }));
      same(await executor.run(tasks.echo, 2), 2);
    },
  },
  {
    id: "transfer.result",
    title: "transfer: what a task moves arrives as the value itself, as a result and as an item",
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const key = stage.log().path;
      const bytes = await executor.run(tasks.moveBytes, { key, length: 3 });
      alike(bytes, new Uint8Array([7, 7, 7]), "The result");
      const items: unknown[] = [];
      for await (const item of executor.stream(tasks.yieldMoved, 2)) items.push(item);
      alike(items, [{ bytes: new Uint8Array([5, 5]) }], "The items");
    },
  },
  {
    id: "transfer.result-moves",
    title: "transfer: where values are copied, what a task moves is gone where it ran",
    needs: [transfer, { trait: "values", met: (traits) => traits.values !== "reference" }],
    run: async (stage) => {
      const executor = await stage.executor({ concurrency: 1 });
      const key = stage.log().path;
      await executor.run(tasks.moveBytes, { key, length: 3 });
      same(
        await executor.run(tasks.moveBytes, { key, length: 3 }),
        0,
        "The length of what was left",
      );
      const bad = refusal(executor.run(tasks.moveWrongly), "NOT_CLONEABLE");
      await bad;
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
  {
    id: "transfer.refused",
    title: "no transfer: the option is refused with NOT_SUPPORTED, and the buffer is kept",
    needs: [noTransfer],
    run: async (stage) => {
      const executor = await stage.executor();
      const bytes = Uint8Array.of(1, 2, 3);
      const options = { transfer: [bytes.buffer] };
      await refusal(executor.run(tasks.byteSum, bytes, options), "NOT_SUPPORTED");
      same(bytes.length, 3, "The length of the buffer");
      same(await executor.run(tasks.byteSum, bytes), 6);
    },
  },
  {
    id: "shared-memory.same",
    title: "sharedMemory: caller and task see the same memory",
    needs: [sharedMemory],
    run: async (stage) => {
      const executor = await stage.executor();
      const cells = new Int32Array(new SharedArrayBuffer(4));
      await Promise.all([1, 2, 3].map(() => executor.run(tasks.addShared, cells.buffer)));
      same(Atomics.load(cells, 0), 3, "What the tasks have counted");
    },
  },
  {
    id: "shared-memory.refused",
    title: "no sharedMemory: shared memory is refused with NOT_CLONEABLE",
    needs: [noSharedMemory],
    run: async (stage) => {
      const executor = await stage.executor();
      const cells = new Int32Array(new SharedArrayBuffer(4));
      await refusal(executor.run(tasks.addShared, cells.buffer), "NOT_CLONEABLE");
      await refusal(executor.run(tasks.echo, { cells }), "NOT_CLONEABLE");
      same(await executor.run(tasks.echo, 1), 1);
    },
  },
];
