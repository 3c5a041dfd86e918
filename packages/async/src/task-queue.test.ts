import PQueue, { type Queue, type RunFunction } from "p-queue";
import { describe, expect, it } from "vitest";
import { TaskQueue } from "./task-queue.ts";

const start = async (): Promise<void> => {};

describe("as the queue of p-queue", () => {
  const makeQueue = (concurrency: number): PQueue<TaskQueue> =>
    new PQueue({ concurrency, queueClass: TaskQueue, autoStart: false });

  it("starts tasks by priority, first come first within one", async () => {
    const queue = makeQueue(1);
    const order: string[] = [];
    for (const [name, priority] of [
      ["a", 0],
      ["b", -1],
      ["c", 5],
      ["d", 0],
      ["e", 5],
      ["f", Infinity],
      ["g", -Infinity],
    ] as const) {
      void queue.add(() => order.push(name), { priority });
    }
    queue.start();
    await queue.onIdle();
    expect(order.join("")).toBe("fceadbg");
  });

  it("takes out a task whose signal aborts while it waits, wherever it stands", async () => {
    const queue = makeQueue(1);
    const order: number[] = [];
    const controllers = [0, 1, 2].map(() => new AbortController());
    const added = controllers.map(({ signal }, index) =>
      queue.add(() => order.push(index), { signal }),
    );
    controllers[1]?.abort("enough");
    await expect(added[1]).rejects.toBe("enough");
    expect(queue.size).toBe(2);
    queue.start();
    await queue.onIdle();
    expect(order).toEqual([0, 2]);
  });

  it("moves and counts tasks by priority", async () => {
    const queue = makeQueue(1);
    const order: string[] = [];
    for (const id of ["a", "b", "c"]) void queue.add(() => order.push(id), { id });
    queue.setPriority("c", 1);
    expect([queue.sizeBy({ priority: 0 }), queue.sizeBy({ priority: 1 })]).toEqual([2, 1]);
    queue.setPriority("a", -1);
    expect(() => queue.setPriority("none", 1)).toThrow(ReferenceError);
    queue.start();
    await queue.onIdle();
    expect(order).toEqual(["c", "b", "a"]);
  });

  it("keeps the slot of a task that runs when its signal aborts", async () => {
    const queue = makeQueue(1);
    const controller = new AbortController();
    const gate = Promise.withResolvers<string>();
    const first = queue.add(() => gate.promise, { signal: controller.signal });
    const second = queue.add(async () => "second");
    queue.start();
    controller.abort();
    expect([queue.pending, queue.size]).toEqual([1, 1]);
    gate.resolve("first");
    expect(await first).toBe("first");
    expect(await second).toBe("second");
  });
});

describe("by itself", () => {
  it("gives nothing when it is empty, and does not mind ids it does not know", () => {
    const queue: Queue<RunFunction, { id?: string; priority?: number }> = new TaskQueue();
    expect(queue.dequeue()).toBeUndefined();
    queue.remove("none");
    queue.setPriority("none", 1);
    queue.enqueue(start, { id: "a" });
    queue.remove("b");
    expect(queue.size).toBe(1);
    expect(queue.filter({ priority: 0 })).toEqual([start]);
    queue.remove("a");
    queue.remove("a");
    expect(queue.size).toBe(0);
    expect(queue.dequeue()).toBeUndefined();
  });
});
