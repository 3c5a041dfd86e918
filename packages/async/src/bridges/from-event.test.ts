import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { fromEvent } from "./from-event.ts";

it("resolves with the next event of a target, and listens no more", async () => {
  const port = new AbortController().signal;
  const listeners = countListeners(port);
  const waiting = fromEvent<Event>(port, "message");
  expect(listeners()).toBe(1);
  const event = new Event("message");
  port.dispatchEvent(event);
  expect(await waiting).toBe(event);
  expect(listeners()).toBe(0);
});

it("resolves with what an emitter emits, in an array where that are several values", async () => {
  const emitter = new EventEmitter();
  const one = fromEvent(emitter, "data");
  emitter.emit("data", 1);
  expect(await one).toBe(1);
  const two = fromEvent(emitter, "data");
  emitter.emit("data", 1, 2);
  expect(await two).toEqual([1, 2]);
  expect(emitter.eventNames()).toEqual([]);
});

it("passes over events that the filter refuses, and misses none between", async () => {
  const emitter = new EventEmitter();
  const waiting = fromEvent<number>(emitter, "data", { filter: (value) => value > 2 });
  for (const value of [1, 2, 3, 4]) emitter.emit("data", value);
  expect(await waiting).toBe(3);
});

it("rejects with what the filter throws, and with an emitter's error", async () => {
  const emitter = new EventEmitter();
  const error = new Error("no");
  const filtered = fromEvent(emitter, "data", {
    filter: () => {
      throw error;
    },
  });
  emitter.emit("data", 1);
  expect(await thrown(filtered)).toBe(error);
  const failing = fromEvent(emitter, "data");
  emitter.emit("error", error);
  expect(await thrown(failing)).toBe(error);
  const wanted = fromEvent(emitter, "error");
  emitter.emit("error", error);
  expect(await wanted).toBe(error);
  expect(emitter.eventNames()).toEqual([]);
});

it("rejects with the reason when it is aborted, and listens no more", async () => {
  const emitter = new EventEmitter();
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const waiting = thrown(fromEvent(emitter, "data", { signal: controller.signal }));
  controller.abort("enough");
  expect(await waiting).toBe("enough");
  expect(emitter.eventNames()).toEqual([]);
  expect(listeners()).toBe(0);
});

it("refuses what has no events", async () => {
  for (const wrong of [{}, null, { on: () => {} }]) {
    expect(await thrown(fromEvent(wrong as never, "data"))).toMatchObject({
      code: "INVALID_OPTION",
    });
  }
});
