import { describe, expect, it } from "vitest";
import { allOf } from "../../test/all-of.ts";
import { stateOf } from "../../test/state-of.ts";
import { select } from "../select/select.ts";
import { broadcast } from "./broadcast.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };

describe("a broadcast", () => {
  it("gives every receiver every value since it has subscribed", async () => {
    const news = broadcast<number>({ capacity: 4 });
    news.send(0);
    const early = news.subscribe();
    news.send(1);
    const late = news.subscribe();
    news.send(2);
    news.close();
    expect(await allOf(early)).toEqual([1, 2]);
    expect(await allOf(late)).toEqual([2]);
  });

  it.each([1, 2, 3, 5, 8])(
    "with a capacity of %i tells only who was slow how many were missed, and goes on with the oldest kept",
    async (capacity) => {
      const news = broadcast<number>({ capacity });
      const [slow, quick] = [news.subscribe(), news.subscribe()];
      for (let n = 0; n < capacity + 3; n++) {
        news.send(n);
        expect(quick.tryReceive()).toEqual(value(n));
      }
      await expect(slow.receive()).rejects.toMatchObject({ code: "LAGGED", missed: 3 });
      for (let n = 3; n < capacity + 3; n++) expect(await slow.receive()).toEqual(value(n));
      expect(slow.tryReceive()).toBeUndefined();
      news.send(99);
      expect(await slow.receive()).toEqual(value(99));
    },
  );

  it("tells onLagged, so that a loop goes on", async () => {
    const news = broadcast<number>({ capacity: 2 });
    const missed: number[] = [];
    const slow = news.subscribe({ onLagged: (count) => missed.push(count) });
    for (let n = 0; n < 10; n++) news.send(n);
    news.close();
    expect(await allOf(slow)).toEqual([8, 9]);
    expect(missed).toEqual([8]);
  });

  it("wakes one of those that wait at a receiver, each with the next value", async () => {
    const news = broadcast<string>();
    const [a, b] = [news.subscribe(), news.subscribe()];
    const waiting = [a.receive(), a.receive(), b.receive()];
    news.send("x");
    expect(await Promise.all([waiting[0], waiting[2]])).toEqual([value("x"), value("x")]);
    expect(await stateOf(waiting[1]!)).toBe("pending");
    news.send("y");
    expect(await waiting[1]).toEqual(value("y"));
    expect([await b.receive(), a.tryReceive()]).toEqual([value("y"), undefined]);
  });

  it("keeps the last values for those who have not seen them when it closes, then tells the error", async () => {
    const news = broadcast<number>({ capacity: 1 });
    const [behind, waiting] = [news.subscribe(), news.subscribe()];
    news.send(1);
    await waiting.receive();
    const ended = waiting.receive();
    news.close("broken");
    news.close("again");
    await expect(ended).rejects.toBe("broken");
    expect(await behind.receive()).toEqual(value(1));
    await expect(behind.receive()).rejects.toBe("broken");
    expect(() => news.send(2)).toThrow(expect.objectContaining({ code: "CHANNEL_CLOSED" }));
    await expect(news.subscribe().receive()).rejects.toBe("broken");
  });

  it("forgets a receiver that is cancelled, or whose loop is left", async () => {
    const news = broadcast<number>();
    const cancelled = news.subscribe();
    const waiting = cancelled.receive();
    cancelled.cancel();
    expect(await waiting).toEqual(done);
    const left = news.subscribe();
    const disposed = news.subscribe();
    disposed[Symbol.dispose]();
    news.send(1);
    for await (const _ of left) break;
    expect(news.receivers).toBe(0);
    expect([left.tryReceive(), disposed.tryReceive()]).toEqual([done, done]);
    const reasoned = news.subscribe();
    reasoned.cancel("enough");
    await expect(reasoned.receive()).rejects.toBe("enough");
  });

  it("is an arm of a select, whose loss takes nothing", async () => {
    const [one, two] = [broadcast<number>(), broadcast<number>()];
    const [a, b] = [one.subscribe(), two.subscribe()];
    const selecting = select({ a: a.receiving(), b: b.receiving() });
    two.send(2);
    one.send(1);
    expect(await selecting).toEqual({ arm: "b", value: value(2) });
    expect(a.tryReceive()).toEqual(value(1));
  });

  it("stops waiting on an abort, and misses nothing", async () => {
    const news = broadcast<number>();
    const receiver = news.subscribe();
    const controller = new AbortController();
    const waiting = receiver.receive({ signal: controller.signal });
    controller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
    news.send(1);
    expect(await receiver.receive()).toEqual(value(1));
  });

  it.each([0, -1, 1.5, Infinity])("refuses a capacity of %d", (capacity) => {
    expect(() => broadcast({ capacity })).toThrow("capacity must be a whole number from 1 up");
  });
});
