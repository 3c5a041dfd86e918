import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { events } from "./events.ts";

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it("yields events in order until the one that ends them", async () => {
  const emitter = new EventEmitter();
  const texts = all(events<string>(emitter, "data", { end: "close" }));
  for (const text of ["a", "b"]) emitter.emit("data", text);
  emitter.emit("close");
  emitter.emit("data", "c");
  expect(await texts).toEqual(["a", "b"]);
  expect(emitter.eventNames()).toEqual([]);
});

it("listens from the first next() until it is left", async () => {
  const emitter = new EventEmitter();
  const items = events<number>(emitter, "data");
  expect(emitter.eventNames()).toEqual([]);
  const first = items.next();
  expect(emitter.eventNames()).toEqual(["data", "error"]);
  emitter.emit("data", 1);
  emitter.emit("data", 2);
  expect(await first).toEqual({ done: false, value: 1 });
  await items.return(undefined);
  expect(await items.next()).toEqual({ done: true, value: undefined });
  expect(emitter.eventNames()).toEqual([]);
});

it("throws an emitter's error after the events before it", async () => {
  const emitter = new EventEmitter();
  const error = new Error("lost");
  const items = events<number>(emitter, "data");
  const first = items.next();
  emitter.emit("data", 1);
  emitter.emit("data", 2);
  emitter.emit("error", error);
  expect((await first).value).toBe(1);
  expect((await items.next()).value).toBe(2);
  expect(await thrown(items.next())).toBe(error);
  expect(emitter.eventNames()).toEqual([]);
});

it("throws the reason when it is aborted, and lets go of the signal", async () => {
  const emitter = new EventEmitter();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const { signal } = controller;
  const items = events<number>(emitter, "data", { signal });
  const first = items.next();
  expect(listeners()).toBe(1);
  emitter.emit("data", 1);
  emitter.emit("data", 2);
  expect((await first).value).toBe(1);
  controller.abort("enough");
  expect(await thrown(items.next())).toBe("enough");
  expect(await thrown(events(emitter, "data", { signal }).next())).toBe("enough");
  expect(listeners()).toBe(0);
  expect(emitter.eventNames()).toEqual([]);
});

describe("overflow", () => {
  const read = async (overflow: "error" | "drop-oldest" | "drop-newest"): Promise<unknown> => {
    const emitter = new EventEmitter();
    const items = events<number>(emitter, "data", { capacity: 2, overflow, end: "close" });
    const first = items.next();
    for (const value of [1, 2, 3, 4]) emitter.emit("data", value);
    expect((await first).value).toBe(1);
    emitter.emit("close");
    const rest = await all(items).catch((error: unknown) => error);
    expect(emitter.eventNames()).toEqual([]);
    return rest;
  };

  it("fails the loop, or drops exactly what it says", async () => {
    expect(await read("error")).toMatchObject({
      code: "QUEUE_FULL",
      message: expect.stringContaining('2 "data" events'),
    });
    expect(await read("drop-oldest")).toEqual([3, 4]);
    expect(await read("drop-newest")).toEqual([2, 3]);
  });
});

it("refuses what has no events, and wrong options", async () => {
  expect(await thrown(events({} as never, "data").next())).toMatchObject({
    code: "INVALID_OPTION",
  });
  expect(() => events(new EventEmitter(), "data", { capacity: 0 })).toThrow("capacity");
});
