import { isQuintetError } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { allOf } from "../../test/all-of.ts";
import { listenersOf } from "../../test/listeners-of.ts";
import { stateOf, turn } from "../../test/state-of.ts";
import { channel } from "./channel.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };
const codeOf = (error: unknown): unknown => (isQuintetError(error) ? error.code : error);
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => "none", codeOf);

describe.each([0, 1, 2, 3, 7, 16, 20])("a channel of capacity %i", (capacity) => {
  it("takes that many values without waiting, and no more", async () => {
    const c = channel<number>({ capacity });
    for (let n = 0; n < capacity; n++) expect(c.trySend(n)).toBe(true);
    expect([c.size, c.capacity]).toEqual([capacity, capacity]);
    expect(c.trySend(-1)).toBe(false);
    const late = c.send(capacity);
    expect(await stateOf(late)).toBe("pending");
    expect(c.waiting).toEqual({ senders: 1, receivers: 0 });
    for (let n = 0; n <= capacity; n++) expect(await c.receive()).toEqual(value(n));
    await late;
    expect(c.tryReceive()).toBeUndefined();
  });

  it("gives values in order to receivers that wait", async () => {
    const c = channel<number>({ capacity });
    const received = [c.receive(), c.receive(), c.receive()];
    expect(await stateOf(received[0]!)).toBe("pending");
    for (let n = 0; n < 3; n++) expect(c.trySend(n)).toBe(true);
    expect(await Promise.all(received)).toEqual([value(0), value(1), value(2)]);
    expect(c.waiting).toEqual({ senders: 0, receivers: 0 });
  });

  it("lets receivers have all that was sent before the close, also by senders that wait", async () => {
    const c = channel<number>({ capacity });
    const sent = Array.from({ length: capacity + 3 }, (_, n) => c.send(n));
    c.close();
    c.close(new Error("a second close does nothing"));
    expect(c.closed).toBe(true);
    expect(c.trySend(99)).toBe(false);
    expect(await failure(c.send(99))).toBe("CHANNEL_CLOSED");
    expect(await allOf(c)).toEqual(sent.map((_, n) => n));
    await Promise.all(sent);
    expect(await c.receive()).toEqual(done);
    expect(c.tryReceive()).toEqual(done);
  });

  it("ends receivers that wait when it is closed", async () => {
    const c = channel<number>({ capacity });
    const received = [c.receive(), c.receive()];
    c.close();
    expect(await Promise.all(received)).toEqual([done, done]);
  });

  it("tells every receiver the error it was closed with, after the last value", async () => {
    const c = channel<number>({ capacity });
    const error = new Error("the source broke");
    const sent = c.send(1);
    c.close(error);
    expect(await c.receive()).toEqual(value(1));
    await sent;
    await expect(c.receive()).rejects.toBe(error);
    await expect(allOf(c)).rejects.toBe(error);
    expect(() => c.tryReceive()).toThrow(error);
    await expect(c.send(2)).rejects.toMatchObject({ code: "CHANNEL_CLOSED", cause: error });

    const waited = channel<number>({ capacity });
    const received = [waited.receive(), allOf(waited)];
    waited.close(null);
    expect(await Promise.allSettled(received)).toEqual([
      { status: "rejected", reason: null },
      { status: "rejected", reason: null },
    ]);
  });

  it("throws away on cancel what waits, reports each value once, and rejects the senders", async () => {
    const undelivered: number[] = [];
    const c = channel<number>({ capacity, onUndelivered: (lost) => undelivered.push(lost) });
    const sent = Array.from({ length: capacity + 2 }, (_, n) => failure(c.send(n)));
    await turn();
    c.cancel();
    c.cancel();
    expect(undelivered).toEqual(sent.map((_, n) => n));
    const outcomes = await Promise.all(sent);
    expect(outcomes.slice(0, capacity)).toEqual(Array(capacity).fill("none"));
    expect(outcomes.slice(capacity)).toEqual(["CHANNEL_CLOSED", "CHANNEL_CLOSED"]);
    expect(await c.receive()).toEqual(done);
    expect(await failure(c.send(99))).toBe("CHANNEL_CLOSED");
    expect(undelivered.at(-1)).toBe(99);
  });
});

it("ends receivers with the reason of a cancel, and keeps the error of a close before it", async () => {
  const cancelled = channel<number>();
  const received = cancelled.receive();
  cancelled.cancel("not needed");
  await expect(received).rejects.toBe("not needed");

  const closed = channel<number>({ capacity: 1 });
  await closed.send(1);
  closed.close("broken");
  closed.cancel("not needed");
  await expect(closed.receive()).rejects.toBe("broken");
});

it("hands a value to the receiver that waits, whom nobody can pass", async () => {
  const c = channel<number>({ capacity: 1 });
  const first = c.receive();
  await c.send(1);
  expect(c.tryReceive()).toBeUndefined();
  expect(await first).toEqual(value(1));
});

it("admits the sender that waits before one that comes later", async () => {
  const c = channel<string>({ capacity: 1 });
  await c.send("a");
  const waiting = c.send("b");
  expect(c.tryReceive()).toEqual(value("a"));
  expect(c.trySend("c")).toBe(false);
  await waiting;
  expect(await c.receive()).toEqual(value("b"));
});

describe("values", () => {
  const thenable = {};
  Reflect.set(thenable, "then", () => expect.unreachable("nobody may call it"));
  it.each([[undefined], [null], [0], [""], [Promise.resolve(1)], [thenable]])(
    "arrive as they are: %o",
    async (one) => {
      const c = channel<unknown>({ capacity: 1 });
      await c.send(one);
      expect((await c.receive()).value).toBe(one);
      void c.send(one);
      expect(c.tryReceive()?.value).toBe(one);
    },
  );

  it("stay where they are when the channel itself is awaited", async () => {
    const c = channel<number>({ capacity: 1 });
    await c.send(1);
    expect(await (async () => c)()).toBe(c);
    expect(c.size).toBe(1);
  });
});

describe("an abort", () => {
  it("takes nothing and sends nothing when it was before the call", async () => {
    const undelivered: number[] = [];
    const c = channel<number>({ capacity: 2, onUndelivered: (lost) => undelivered.push(lost) });
    await c.send(1);
    const signal = AbortSignal.abort("early");
    await expect(c.receive({ signal })).rejects.toBe("early");
    await expect(c.send(2, { signal })).rejects.toBe("early");
    await expect(c.reserve({ signal })).rejects.toBe("early");
    expect([c.size, undelivered]).toEqual([1, [2]]);
  });

  it.each([undefined, null, 0, "", new Error("x")])(
    "rejects with its reason itself: %o",
    async (reason) => {
      const controller = new AbortController();
      const { signal } = controller;
      const received = channel().receive({ signal });
      controller.abort(reason);
      await expect(received).rejects.toBe(signal.reason);
    },
  );

  it("takes one waiter out of the middle, and the others keep their places", async () => {
    const c = channel<string>();
    const stop = new AbortController();
    const received = [c.receive(), c.receive({ signal: stop.signal }), c.receive()];
    stop.abort("gone");
    await expect(received[1]).rejects.toBe("gone");
    c.trySend("a");
    c.trySend("b");
    expect(await Promise.all([received[0], received[2]])).toEqual([value("a"), value("b")]);

    const next = new AbortController();
    const undelivered: string[] = [];
    const out = channel<string>({ onUndelivered: (lost) => undelivered.push(lost) });
    const sent = [out.send("a"), out.send("b", { signal: next.signal }), out.send("c")];
    next.abort("gone");
    await expect(sent[1]).rejects.toBe("gone");
    expect([await out.receive(), await out.receive()]).toEqual([value("a"), value("c")]);
    expect(undelivered).toEqual(["b"]);
  });

  it("after the value was handed over changes nothing", async () => {
    const c = channel<number>();
    const controller = new AbortController();
    const received = c.receive({ signal: controller.signal });
    const sent = c.send(1);
    controller.abort();
    expect(await received).toEqual(value(1));
    await sent;
  });

  it("leaves no listener behind, however a wait ends", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = listenersOf(signal);
    const c = channel<number>();
    const received = Array.from({ length: 100 }, () => c.receive({ signal }));
    expect(listeners()).toBe(1);
    for (let n = 0; n < 50; n++) await c.send(n, { signal });
    c.close();
    await Promise.all(received);
    expect(listeners()).toBe(0);

    const aborted = [
      failure(channel().receive({ signal })),
      failure(channel().send(1, { signal })),
    ];
    controller.abort("gone");
    expect(await Promise.all(aborted)).toEqual(["gone", "gone"]);
    expect(listeners()).toBe(0);
  });
});

describe("a full channel", () => {
  it.each([
    ["drop-oldest", [3, 4], [1, 2]],
    ["drop-newest", [1, 2], [3, 4]],
  ] as const)("with %s keeps %o and reports the others", async (overflow, kept, lost) => {
    const undelivered: number[] = [];
    const c = channel<number>({
      capacity: 2,
      overflow,
      onUndelivered: (dropped) => undelivered.push(dropped),
    });
    await c.send(1);
    await c.send(2);
    await c.send(3);
    expect(c.trySend(4)).toBe(true);
    c.close();
    expect(await allOf(c)).toEqual(kept);
    expect(undelivered).toEqual(lost);
  });

  it("with error rejects, reports the value of a send, and says no to trySend", async () => {
    const undelivered: number[] = [];
    const c = channel<number>({
      capacity: 1,
      overflow: "error",
      onUndelivered: (lost) => undelivered.push(lost),
    });
    await c.send(1);
    expect(await failure(c.send(2))).toBe("QUEUE_FULL");
    expect(c.trySend(3)).toBe(false);
    expect(await failure(c.reserve())).toBe("QUEUE_FULL");
    expect(undelivered).toEqual([2]);
    expect(await c.receive()).toEqual(value(1));
  });

  it.each(["drop-newest", "error"] as const)(
    "without a buffer and with %s still hands over to who waits",
    async (overflow) => {
      const c = channel<number>({ overflow });
      const received = c.receive();
      await c.send(1);
      expect(await received).toEqual(value(1));
    },
  );

  it("that has no bound takes everything", async () => {
    const c = channel<number>({ capacity: Infinity });
    for (let n = 0; n < 10_000; n++) expect(c.trySend(n)).toBe(true);
    c.close();
    expect((await allOf(c)).length).toBe(10_000);
  });
});

it("calls onUndelivered for the others when it throws for one, and reports that as uncaught", async () => {
  const undelivered: number[] = [];
  const uncaught: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => uncaught.push(error));
  try {
    const c = channel<number>({
      capacity: 3,
      onUndelivered(lost) {
        undelivered.push(lost);
        if (lost === 2) throw new Error("cannot release 2");
      },
    });
    for (const n of [1, 2, 3]) await c.send(n);
    c.cancel();
    await turn();
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  }
  expect(undelivered).toEqual([1, 2, 3]);
  expect(uncaught).toMatchObject([{ cause: { message: "cannot release 2" } }]);
});

describe("iterating", () => {
  it("leaves the channel to its other receivers when the loop is left", async () => {
    const c = channel<number>({ capacity: 3 });
    for (const n of [1, 2, 3]) await c.send(n);
    for await (const n of c) if (n === 2) break;
    expect(c.closed).toBe(false);
    expect(await c.receive()).toEqual(value(3));
  });

  it("shares the values among loops, each once", async () => {
    const c = channel<number>();
    const loops = [allOf(c), allOf(c), allOf(c)];
    for (let n = 0; n < 30; n++) await c.send(n);
    c.close();
    const all = (await Promise.all(loops)).flat();
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
  });
});

it("keeps the place of a hundred thousand waiters without trouble", async () => {
  const c = channel<number>();
  const controller = new AbortController();
  const { signal } = controller;
  const given = Array.from({ length: 50_000 }, () => failure(c.receive({ signal })));
  const stay = c.receive();
  controller.abort("all");
  expect(new Set(await Promise.all(given))).toEqual(new Set(["all"]));
  c.trySend(7);
  expect(await stay).toEqual(value(7));
});

it("lets timers have their turn while values go to and fro without a pause", async () => {
  const c = channel<number>();
  const over = new AbortController();
  void turn().then(() => over.abort());
  const receiving = (async () => {
    for await (const _ of c) if (over.signal.aborted) return true;
    return false;
  })();
  for (let n = 0; n < 5_000_000 && !over.signal.aborted; n++) await c.send(n);
  void c.send(-1);
  c.close();
  expect(await receiving).toBe(true);
});

it.each([
  [{ capacity: -1 }, "capacity must be a whole number from 0 up or Infinity, got -1"],
  [{ capacity: 1.5 }, "capacity"],
  [
    { overflow: "drop" },
    'overflow must be one of block, drop-oldest, drop-newest, error, got "drop"',
  ],
  [{ overflow: "drop-oldest" }, "needs a capacity of 1 or more"],
  [{ onUndelivered: 1 }, "onUndelivered must be a function"],
  [{ size: 1 }, "there is no option"],
])("refuses %o", (options, message) => {
  expect(() => channel(options as never)).toThrow(message);
});

it.each([[{ signal: 1 }], [{ signal: {} }], [null], [5]])(
  "rejects a wait with the options %o, and takes nothing",
  async (options) => {
    const c = channel<number>({ capacity: 2 });
    await c.send(1);
    expect(await failure(c.receive(options as never))).toBe("INVALID_OPTION");
    expect(await failure(c.send(2, options as never))).toBe("INVALID_OPTION");
    expect(await failure(c.reserve(options as never))).toBe("INVALID_OPTION");
    expect(c.size).toBe(1);
  },
);
