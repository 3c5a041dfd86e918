import { describe, expect, it } from "vitest";
import { allOf } from "../../test/all-of.ts";
import { stateOf, turn } from "../../test/state-of.ts";
import { select } from "../select/select.ts";
import { channel } from "./channel.ts";
import { merge } from "./merge.ts";

const value = (of: unknown): object => ({ done: false, value: of });
const done = { done: true, value: undefined };

describe("merged channels", () => {
  it("give every value of each in its order, and end with the last of them", async () => {
    const sources = Array.from({ length: 3 }, (_, index) => channel<string>({ capacity: index }));
    const sent = sources.map(async (source, name) => {
      for (let n = 0; n < 50; n++) await source.send(`${name}:${n}`);
      source.close();
    });
    const all = await allOf(merge(sources));
    await Promise.all(sent);
    for (const name of [0, 1, 2]) {
      const own = all.filter((one) => one.startsWith(`${name}:`));
      expect(own).toEqual(Array.from({ length: 50 }, (_, n) => `${name}:${n}`));
    }
    expect(all.length).toBe(150);
  });

  it("take nothing before somebody receives", async () => {
    const [a, b] = [channel<number>({ capacity: 1 }), channel<number>({ capacity: 1 })];
    const both = merge([a, b]);
    await a.send(1);
    await turn();
    expect(a.size).toBe(1);
    expect(both.tryReceive()).toEqual(value(1));
    const won = select({ both: both.receiving() });
    b.trySend(2);
    expect(await won).toEqual({ arm: "both", value: value(2) });
    expect([a.waiting.receivers, b.waiting.receivers]).toEqual([0, 0]);
  });

  it("keep waiting when one of them ends, and end when all have", async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const both = merge([a, b]);
    const waiting = [both.receive(), both.receive(), both.receive()];
    a.close();
    expect(await stateOf(waiting[0]!)).toBe("pending");
    b.trySend(1);
    expect(await waiting[0]).toEqual(value(1));
    b.close();
    expect([await waiting[1], await waiting[2], await both.receive()]).toEqual([done, done, done]);
    expect(await merge([]).receive()).toEqual(done);
  });

  it("fail with the first that fails, and cancel the others", async () => {
    const [a, b] = [channel<number>(), channel<number>()];
    const both = merge([a, b]);
    const waiting = both.receive();
    a.close("broken");
    await expect(waiting).rejects.toBe("broken");
    await expect(both.receive()).rejects.toBe("broken");
    await expect(b.send(1)).rejects.toMatchObject({ code: "CHANNEL_CLOSED", cause: "broken" });
  });

  it("cancel their sources when the loop is left", async () => {
    const [a, b] = [channel<number>({ capacity: 1 }), channel<number>()];
    await a.send(1);
    for await (const _ of merge([a, b])) break;
    expect([a.closed, b.closed]).toEqual([true, true]);
  });
});

describe("merged iterables", () => {
  it("give what they have, also arrays, and are returned when the loop is left", async () => {
    const log: string[] = [];
    async function* numbers(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        log.push("returned");
      }
    }
    expect(new Set(await allOf(merge([[1, 2], new Set([3])])))).toEqual(new Set([1, 2, 3]));
    let seen = 0;
    for await (const _ of merge([numbers()])) if (++seen === 3) break;
    await turn();
    expect(log).toEqual(["returned"]);
  });

  it("pass their error on", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error("broken");
    }
    const all = merge([broken()]);
    expect(await all.receive()).toEqual(value(1));
    await expect(all.receive()).rejects.toThrow("broken");
  });
});
