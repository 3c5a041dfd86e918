import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { type AbortRegistration, onAbort } from "./abort-hub.ts";

type Join = (signal: AbortSignal, callback: (reason: unknown) => void) => AbortRegistration;

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

const nothing = (): void => {};

it("calls back once, with the very reason", () => {
  const controller = new AbortController();
  const reason = { why: "enough" };
  const heard: unknown[] = [];
  onAbort(controller.signal, (value) => heard.push(value));
  expect(heard).toEqual([]);
  controller.abort(reason);
  controller.abort("again");
  expect(heard).toHaveLength(1);
  expect(heard[0]).toBe(reason);
});

it.each([null, 0, "", false, Number.NaN])("hands over the falsy reason %s", (reason) => {
  const controller = new AbortController();
  const heard: unknown[] = [];
  onAbort(controller.signal, (value) => heard.push(value));
  controller.abort(reason);
  expect(heard).toEqual([reason]);
});

it("calls back in the order of joining", () => {
  const controller = new AbortController();
  const heard: number[] = [];
  for (let index = 0; index < 5; index++) onAbort(controller.signal, () => heard.push(index));
  controller.abort();
  expect(heard).toEqual([0, 1, 2, 3, 4]);
});

it("calls the others back when one throws, whose error is uncaught", () => {
  const controller = new AbortController();
  const uncaught: (() => void)[] = [];
  vi.stubGlobal("queueMicrotask", (task: () => void) => uncaught.push(task));
  const heard: string[] = [];
  onAbort(controller.signal, () => {
    throw new Error("mine");
  });
  onAbort(controller.signal, () => heard.push("other"));
  controller.abort();
  vi.unstubAllGlobals();
  expect(heard).toEqual(["other"]);
  expect(uncaught).toHaveLength(1);
  expect(uncaught[0]).toThrow("mine");
});

describe("one who left", () => {
  it("is not called, wherever it stood; leaving twice does nothing", () => {
    const controller = new AbortController();
    const heard: number[] = [];
    const registrations = [0, 1, 2, 3].map((index) =>
      onAbort(controller.signal, () => heard.push(index)),
    );
    for (const index of [0, 2, 3]) registrations[index]?.leave();
    registrations[2]?.leave();
    controller.abort();
    expect(heard).toEqual([1]);
  });

  it("does not take another one along that joined since", () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const first = onAbort(controller.signal, () => heard.push("first"));
    first.leave();
    onAbort(controller.signal, () => heard.push("second"));
    first.leave();
    controller.abort();
    expect(heard).toEqual(["second"]);
  });

  it("is not called when another callback made it leave, nor is anyone else forgotten", () => {
    const controller = new AbortController();
    const heard: number[] = [];
    const registrations: AbortRegistration[] = [];
    for (let index = 0; index < 6; index++) {
      registrations.push(
        onAbort(controller.signal, () => {
          heard.push(index);
          if (index === 1) for (const other of [0, 1, 2, 4]) registrations[other]?.leave();
        }),
      );
    }
    controller.abort();
    expect(heard).toEqual([0, 1, 3, 5]);
  });

  it("may leave afterwards", () => {
    const controller = new AbortController();
    const registration = onAbort(controller.signal, nothing);
    controller.abort();
    registration.leave();
    expect(listeners(controller.signal)).toBe(0);
  });
});

describe("the signal", () => {
  /** Joins and leaves in every order there is, and says where the signal has a wrong number of listeners. */
  function expectRightListeners(join: Join): void {
    const { signal } = new AbortController();
    const crowd = Array.from({ length: 1000 }, () => join(signal, nothing));
    expect(listeners(signal), "with a crowd").toBe(1);
    for (const registration of crowd.slice(0, 999)) registration.leave();
    expect(listeners(signal), "with the last one").toBe(1);
    crowd[999]?.leave();
    expect(listeners(signal), "when all have left").toBe(0);

    join(signal, nothing).leave();
    expect(listeners(signal), "after one more came and went").toBe(0);

    const controller = new AbortController();
    const early = join(controller.signal, () => early.leave());
    join(controller.signal, nothing);
    controller.abort();
    expect(listeners(controller.signal), "when it has aborted").toBe(0);
  }

  it("has one listener however many wait, and none afterwards", () => {
    expectRightListeners(onAbort);
  });

  const broken: Record<string, Join> = {
    "adds a listener for each": (signal, callback) => {
      const listener = (): void => callback(signal.reason);
      signal.addEventListener("abort", listener, { once: true });
      return { leave: () => signal.removeEventListener("abort", listener) };
    },
    "never removes its listener": (() => {
      const crowds = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();
      return (signal, callback) => {
        const crowd = crowds.get(signal) ?? new Set();
        if (!crowds.has(signal)) {
          signal.addEventListener("abort", () => crowd.forEach((each) => each(signal.reason)));
        }
        crowds.set(signal, crowd.add(callback));
        return { leave: () => void crowd.delete(callback) };
      };
    })(),
    "removes its listener with the first who leaves": (signal, callback) => {
      const registration = onAbort(signal, callback);
      return {
        leave: () => {
          registration.leave();
          for (const listener of getEventListeners(signal, "abort")) {
            signal.removeEventListener("abort", listener as () => void);
          }
        },
      };
    },
  };

  it.each(Object.keys(broken))("is seen to be wrong with a hub that %s", (name) => {
    expect(() => expectRightListeners(broken[name] as Join)).toThrow(/expected \+?\d+ to be/);
  });

  it("is let go when the last one has left", async () => {
    const signal = new WeakRef(waitAndLeave());
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
    expect(signal.deref()).toBeUndefined();
  });

  function waitAndLeave(): AbortSignal {
    const { signal } = new AbortController();
    onAbort(signal, nothing).leave();
    return signal;
  }
});

it("serves 100,000 at one signal", () => {
  const controller = new AbortController();
  let heard = 0;
  for (let index = 0; index < 100_000; index++) onAbort(controller.signal, () => heard++);
  controller.abort();
  expect(heard).toBe(100_000);
});
