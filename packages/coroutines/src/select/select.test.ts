import { type Arm, notReady, type Parked, type Selectable } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, expectTypeOf, it } from "vitest";
import { listenersOf } from "../../test/listeners-of.ts";
import { stateOf, turn } from "../../test/state-of.ts";
import { channel } from "../channels/channel.ts";
import { merge } from "../channels/merge.ts";
import { pipeline } from "../channels/pipeline.ts";
import { aborted } from "./aborted.ts";
import { acquiring } from "./acquiring.ts";
import { after } from "./after.ts";
import { select, trySelect } from "./select.ts";
import { settled } from "./settled.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };
const idle = { senders: 0, receivers: 0 };

describe("ready arms", () => {
  const counts = async (arms: number, ready: number[], biased: boolean): Promise<number[]> => {
    const channels = Array.from({ length: arms }, () => channel<number>({ capacity: 1 }));
    for (const index of ready) channels[index]!.trySend(index);
    const won = Array<number>(arms).fill(0);
    for (let round = 0; round < 10_000; round++) {
      const { arm } = await select(
        channels.map((c) => c.receiving()),
        { biased },
      );
      won[arm]!++;
      channels[arm]!.trySend(arm);
    }
    return won;
  };

  it.each([
    [2, [0, 1]],
    [4, [0, 3]],
    [5, [3, 4]],
    [3, [0, 1, 2]],
  ])("of %i, at %o, have the same chance each", async (arms, ready) => {
    const won = await counts(arms, ready, false);
    const fair = 10_000 / ready.length;
    // Seven standard deviations: what is fair fails once in 10^11 runs.
    const margin = 7 * Math.sqrt(fair * (1 - 1 / ready.length));
    for (const index of ready) expect(Math.abs(won[index]! - fair)).toBeLessThan(margin);
  });

  it("win in the order they are written when biased", async () => {
    expect(await counts(3, [1, 2], true)).toEqual([0, 10_000, 0]);
  });
});

it("does one thing only, and the others wait no more", async () => {
  const [a, b] = [channel<number>(), channel<number>()];
  const out = channel<string>();
  const clock = virtualClock();
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = listenersOf(signal);
  const selecting = select(
    {
      a: a.receiving(),
      b: b.receiving(),
      out: out.sending("x"),
      late: after(50, { clock }),
    },
    { signal },
  );
  expect(await stateOf(selecting)).toBe("pending");
  expect([a.waiting.receivers, b.waiting.receivers, out.waiting.senders]).toEqual([1, 1, 1]);
  expect([clock.pending, listeners()]).toEqual([1, 1]);
  expect(b.trySend(7)).toBe(true);
  // At once, before anyone else can run.
  expect([a.waiting, b.waiting, out.waiting]).toEqual([idle, idle, idle]);
  expect([clock.pending, listeners()]).toEqual([0, 0]);
  expect([a.trySend(1), out.tryReceive()]).toEqual([false, undefined]);
  expect(await selecting).toEqual({ arm: "b", value: value(7) });
});

it("sends when it wins, and only then", async () => {
  const out = channel<string>({ capacity: 1 });
  const other = channel<string>();
  expect(await select({ out: out.sending("x"), other: other.receiving() })).toEqual({
    arm: "out",
    value: undefined,
  });
  const selecting = select({ out: out.sending("y"), other: other.receiving() });
  other.trySend("first");
  expect((await selecting).arm).toBe("other");
  expect([out.tryReceive(), out.tryReceive()]).toEqual([value("x"), undefined]);
});

it("sends a value to a receiver that comes later", async () => {
  const out = channel<string>();
  const selecting = select({ out: out.sending("x"), late: after(Infinity) });
  expect(out.tryReceive()).toEqual(value("x"));
  expect(await selecting).toEqual({ arm: "out", value: undefined });
});

it("never receives what it sends itself", async () => {
  const c = channel<string>();
  const both = (name: string): Promise<{ arm: string; value: unknown }> =>
    select({ sent: c.sending(`from ${name}`), received: c.receiving() });
  const one = both("one");
  expect(await stateOf(one)).toBe("pending");
  const two = both("two");
  const won = await Promise.all([one, two]);
  expect(won.map(({ arm }) => arm).toSorted()).toEqual(["received", "sent"]);
  const [received] = won.filter(({ arm }) => arm === "received");
  const receiver = received === won[0] ? "two" : "one";
  expect(received!.value).toEqual(value(`from ${receiver}`));
  expect(c.waiting).toEqual(idle);
});

it("that waits on both sides of a channel lets others be served, and stops with a close", async () => {
  const c = channel<string>();
  const self = (): Promise<{ arm: string; value: unknown }> =>
    select({ sent: c.sending("own"), received: c.receiving() });
  const receiving = self();
  const waiting = await stateOf(receiving);
  expect(waiting).toBe("pending");
  expect(c.trySend("other")).toBe(true);
  expect(await receiving).toEqual({ arm: "received", value: value("other") });

  const ended = self();
  c.close();
  expect(await ended).toEqual({ arm: "received", value: done });
});

it("lets a sender behind it have the room that its own receiver makes", async () => {
  const c = channel<string>();
  const controller = new AbortController();
  const gone = c.receive({ signal: controller.signal }).catch(() => "gone");
  const reservation = await c.reserve();
  const arms = { received: c.receiving(), sent: c.sending("own") };
  const self = select(arms, { biased: true });
  const held = c.reserve();
  controller.abort();
  await gone;
  const behind = c.send("behind");
  expect(await stateOf(self)).toBe("pending");
  reservation.release();
  (await held).release();
  expect(await self).toEqual({ arm: "received", value: value("behind") });
  await behind;
});

it("may have the same channel in several arms", async () => {
  const c = channel<number>();
  const arms = { one: c.receiving(), two: c.receiving(), three: c.receiving() };
  for (let n = 0; n < 20; n++) {
    const selecting = select(arms);
    expect(c.waiting.receivers).toBe(3);
    c.trySend(n);
    expect((await selecting).value).toEqual(value(n));
    expect(c.waiting).toEqual(idle);
  }
});

it("finds a closed channel ready, and fails as the channel does", async () => {
  const c = channel<number>();
  c.close();
  expect(await select({ c: c.receiving() })).toEqual({ arm: "c", value: done });
  await expect(select({ c: c.sending(1) })).rejects.toMatchObject({ code: "CHANNEL_CLOSED" });
  const broken = channel<number>();
  const selecting = select({ c: broken.receiving() });
  broken.close("broken");
  await expect(selecting).rejects.toBe("broken");
  await expect(select({ c: broken.receiving() })).rejects.toBe("broken");
  const cancelled = channel<number>();
  const sending = select({ c: cancelled.sending(1) });
  cancelled.cancel("enough");
  await expect(sending).rejects.toMatchObject({ code: "CHANNEL_CLOSED", cause: "enough" });
});

describe("arms that take no part", () => {
  it("are left out", async () => {
    const c = channel<number>({ capacity: 1 });
    await c.send(1);
    const none = channel<string>();
    const isOpen = (): boolean => false;
    const won = await select({ off: isOpen() && none.receiving(), c: c.receiving(), no: null });
    expect(won).toEqual({ arm: "c", value: value(1) });
    await c.send(2);
    expect(await select([undefined, c.receiving(), false])).toEqual({ arm: 1, value: value(2) });
  });

  it("and nothing else, are refused instead of waiting for ever", async () => {
    const refused = { code: "INVALID_OPTION" };
    await expect(select({ off: false })).rejects.toMatchObject(refused);
    await expect(select({})).rejects.toMatchObject(refused);
    await expect(select([])).rejects.toMatchObject(refused);
    expect(await select({ off: false }, { default: 1 })).toEqual({ arm: "default", value: 1 });
  });
});

describe("a default", () => {
  it("wins only when nothing is ready at this instant", async () => {
    const c = channel<number>({ capacity: 1 });
    const arms = { c: c.receiving() };
    expect(await select(arms, { default: undefined })).toEqual({
      arm: "default",
      value: undefined,
    });
    expect(trySelect(arms)).toBeUndefined();
    await c.send(1);
    expect(await select(arms, { default: "none" })).toEqual({ arm: "c", value: value(1) });
    await c.send(2);
    expect(trySelect(arms)).toEqual({ arm: "c", value: value(2) });
    expect(c.waiting).toEqual(idle);
  });
});

describe("an abort", () => {
  it("before it leaves everything as it is", async () => {
    const c = channel<number>({ capacity: 1 });
    await c.send(1);
    const signal = AbortSignal.abort("early");
    await expect(select({ c: c.receiving() }, { signal })).rejects.toBe("early");
    expect(c.size).toBe(1);
  });

  it("while it waits leaves every arm", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = listenersOf(signal);
    const [a, b] = [channel<number>(), channel<number>()];
    const clock = virtualClock();
    const arms = { a: a.receiving(), b: b.sending(1), late: after(9, { clock }) };
    const selecting = select(arms, { signal });
    controller.abort("enough");
    expect([a.waiting, b.waiting, clock.pending, listeners()]).toEqual([idle, idle, 0, 0]);
    await expect(selecting).rejects.toBe("enough");
  });
});

describe("arms of a stranger", () => {
  class Bell implements Selectable<string> {
    readonly arms = new Set<Arm<string>>();
    left = 0;
    poll(): typeof notReady {
      return notReady;
    }
    park(arm: Arm<string>): Parked {
      this.arms.add(arm);
      return { leave: () => void this.left++ };
    }
    ring(): boolean[] {
      return [...this.arms].map((arm) => arm.fire("ding"));
    }
  }

  it("win, and learn when they come too late", async () => {
    const [bell, other] = [new Bell(), new Bell()];
    const selecting = select({ bell, other });
    expect(bell.ring()).toEqual([true]);
    expect(other.ring()).toEqual([false]);
    expect([...other.arms].map((arm) => arm.fail("late"))).toEqual([false]);
    expect(await selecting).toEqual({ arm: "bell", value: "ding" });
    expect([bell.left, other.left]).toEqual([1, 1]);
  });

  it("may fire while they are asked to wait", async () => {
    const first = new Bell();
    const left: string[] = [];
    const eager: Selectable<number> = {
      poll: () => notReady,
      park(arm) {
        arm.fire(1);
        return { leave: () => left.push("eager") };
      },
    };
    const won = await select({ first, eager, third: new Bell() }, { biased: true });
    expect(won).toEqual({ arm: "eager", value: 1 });
    expect([first.left, left]).toEqual([1, ["eager"]]);
  });

  it("that throw end it, and the others wait no more", async () => {
    const c = channel<number>();
    const poll = (): never => {
      throw new Error("cannot look");
    };
    await expect(select({ c: c.receiving(), bad: { poll, park: poll } })).rejects.toThrow(
      "cannot look",
    );
    const park = (): never => {
      throw new Error("cannot wait");
    };
    const bad = { poll: () => notReady, park } as const;
    await expect(select({ c: c.receiving(), bad })).rejects.toThrow("cannot wait");
    expect(c.waiting).toEqual(idle);
  });
});

it("of two that meet, each at all its arms, nothing is done twice", async () => {
  const [a, b] = [channel<number>(), channel<number>()];
  const one = select({ a: a.sending(1), b: b.sending(2) });
  const two = select({ a: a.receiving(), b: b.receiving() });
  const [sent, received] = await Promise.all([one, two]);
  expect(sent.arm).toBe(received.arm);
  expect(received.value).toEqual(value(sent.arm === "a" ? 1 : 2));
  expect([a.waiting, b.waiting]).toEqual([idle, idle]);
});

it("loses and repeats nothing among many senders, receivers and selects", async () => {
  const channels = Array.from({ length: 4 }, (_, index) =>
    channel<number>({ capacity: index % 3 }),
  );
  const each = 2_000;
  const received: number[] = [];
  const senders = channels.map(async (c, sender) => {
    for (let n = 0; n < each; n++) await c.send(sender * each + n);
  });
  const selector = async (): Promise<void> => {
    const arms = channels.map((c) => c.receiving());
    for (;;) {
      const won = await select(arms);
      if (won.value.done) return;
      received.push(won.value.value);
    }
  };
  const receiver = async (from: (typeof channels)[number]): Promise<void> => {
    for await (const n of from) received.push(n);
  };
  const others = [selector(), selector(), ...channels.map(receiver)];
  await Promise.all(senders);
  for (const c of channels) c.close();
  await Promise.all(others);
  expect(received.length).toBe(4 * each);
  expect(new Set(received).size).toBe(4 * each);
});

it("lets timers have their turn between selects that never wait", async () => {
  const c = channel<number>({ capacity: 1 });
  const over = new AbortController();
  void turn().then(() => over.abort());
  for (let n = 0; n < 3_000_000 && !over.signal.aborted; n++) {
    await select({ sent: c.sending(n) });
    c.tryReceive();
  }
  expect(over.signal.aborted).toBe(true);
});

it.each([
  ["aborted", () => aborted(1 as never), "signal must be an AbortSignal"],
  ["settled", () => settled(null as never), "takes a promise"],
  ["acquiring", () => acquiring({} as never), "takes a semaphore"],
  ["merge", () => merge([5 as never]), "must be a channel or an iterable"],
  ["pipeline", () => pipeline([], 5 as never), "takes a function"],
])("%s refuses what it cannot use", (_, call, message) => {
  expect(call).toThrow(message);
  expect(call).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
});

it.each([
  [null, undefined, "must be an object"],
  [{ a: 1 }, undefined, 'the arm "a" must be a Selectable'],
  [{ a: Promise.resolve() }, undefined, "must be a Selectable"],
  [{}, { fair: true }, "there is no option"],
  [{}, { biased: 1 }, "biased must be a boolean"],
  [{}, { signal: 1 }, "signal must be an AbortSignal"],
])("refuses the arms %o with %o", async (arms, options, message) => {
  await expect(select(arms as never, options as never)).rejects.toThrow(message);
});

it("knows by the arm what its value is", async () => {
  const words = channel<string>({ capacity: 1 });
  await words.send("hello");
  const won = await select(
    { word: words.receiving(), late: after(10), off: false },
    { default: 5 },
  );
  if (won.arm === "word")
    expectTypeOf(won.value).toEqualTypeOf<IteratorResult<string, undefined>>();
  else if (won.arm === "default") expectTypeOf(won.value).toEqualTypeOf<number>();
  else expectTypeOf(won).toEqualTypeOf<{ readonly arm: "late"; readonly value: void }>();
  expect(won.arm).toBe("word");
});
