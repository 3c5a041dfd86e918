import { getEventListeners } from "node:events";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { stateOf, turn } from "../../test/turns.ts";
import { deferred } from "./deferred.ts";

const reason = { why: "enough" };

it("gives its value to those who wait and those who come, by promise or by wait", async () => {
  const answer = deferred<number>();
  const waiting = [answer.wait(), answer.promise];
  expect([await stateOf(answer.promise), answer.settled]).toEqual(["pending", false]);
  answer.resolve(42);
  answer.resolve(1);
  answer.reject(reason);
  expect(await Promise.all([...waiting, answer.wait(), answer.promise])).toEqual([42, 42, 42, 42]);
  expect(answer.settled).toBe(true);
});

it("gives its error to all in the same way", async () => {
  const answer = deferred<number>();
  const waiting = answer.wait();
  answer.reject(reason);
  for (const told of [waiting, answer.wait(), answer.promise])
    await expect(told).rejects.toBe(reason);
});

it("follows a promise, and nothing else meanwhile", async () => {
  const source = Promise.withResolvers<string>();
  const answer = deferred<string>();
  answer.resolve(source.promise);
  answer.resolve("too late");
  const waiting = answer.wait();
  expect([await stateOf(waiting), answer.settled]).toEqual(["pending", false]);
  source.resolve("followed");
  expect([await waiting, await answer.promise, answer.settled]).toEqual([
    "followed",
    "followed",
    true,
  ]);
});

it("follows a promise that fails", async () => {
  const answer = deferred();
  const waiting = answer.wait();
  answer.resolve(Promise.reject(reason));
  await expect(waiting).rejects.toBe(reason);
  await expect(answer.promise).rejects.toBe(reason);
});

it("lets go of one who stops waiting, however long it lives", async () => {
  const clock = virtualClock();
  const answer = deferred<number>({ clock });
  const controller = new AbortController();
  const { signal } = controller;
  const all = Array.from({ length: 100 }, () => answer.wait({ signal, timeout: 5 }));
  const endings = Promise.allSettled(all);
  controller.abort(reason);
  expect([answer.inspect().state["waiting"], clock.pending]).toEqual([0, 0]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(await endings).toContainEqual({ status: "rejected", reason });
  const late = answer.wait({ timeout: 5 }).catch((error: unknown) => error);
  await clock.advance(5);
  expect(await late).toMatchObject({ code: "TIMEOUT" });
  answer.resolve(1);
  await expect(answer.wait({ signal })).rejects.toBe(reason);
});

describe("an error that nobody waits for", () => {
  async function unhandled(act: () => void): Promise<unknown[]> {
    const found: unknown[] = [];
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => found.push(error));
    act();
    await turn();
    await turn();
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
    return found;
  }

  it("is an unhandled rejection, as with any promise", async () => {
    expect(await unhandled(() => deferred().reject(reason))).toEqual([reason]);
    const follow = (): void => deferred().resolve(Promise.reject(reason));
    expect(await unhandled(follow)).toEqual([reason]);
  });

  it("is one also where those who waited have given up", async () => {
    const act = (): void => {
      const answer = deferred();
      const controller = new AbortController();
      answer.wait({ signal: controller.signal }).catch(() => {});
      controller.abort();
      answer.reject(reason);
    };
    expect(await unhandled(act)).toEqual([reason]);
  });

  it("is none where somebody waited", async () => {
    const act = (): void => {
      const answer = deferred();
      answer.wait().catch(() => {});
      answer.reject(reason);
    };
    expect(await unhandled(act)).toEqual([]);
  });
});
