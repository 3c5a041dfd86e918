import { expect, it } from "vitest";
import { listenersOf } from "../../test/listeners-of.ts";
import { channel } from "../channels/channel.ts";
import { aborted } from "./aborted.ts";
import { select } from "./select.ts";

it("is ready when the signal aborts or has aborted, with its reason", async () => {
  const controller = new AbortController();
  const listeners = listenersOf(controller.signal);
  const selecting = select({ stop: aborted(controller.signal) });
  expect(listeners()).toBe(1);
  controller.abort(0);
  expect(await selecting).toEqual({ arm: "stop", value: 0 });
  expect(await select({ stop: aborted(controller.signal) })).toEqual({ arm: "stop", value: 0 });
  expect(listeners()).toBe(0);
});

it("leaves no listener when it loses", async () => {
  const { signal } = new AbortController();
  const listeners = listenersOf(signal);
  const c = channel<number>();
  for (let n = 0; n < 20; n++) {
    const selecting = select({ stop: aborted(signal), c: c.receiving() });
    c.trySend(n);
    expect(listeners()).toBe(0);
    expect((await selecting).arm).toBe("c");
  }
});
