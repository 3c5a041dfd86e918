import { expect, it } from "vitest";
import { virtualClock } from "../clock/virtual-clock.ts";
import { LocalDesk } from "./local-desk.ts";
import { RunNames } from "./run-names.ts";

const open = () => {
  const desk = new LocalDesk(virtualClock());
  return { desk, run: new RunNames(desk), other: new RunNames(desk) };
};

it("gives back what a run holds when it has ended, once, and refuses what it asks then", async () => {
  const { run, other } = open();
  const permit = await run.semaphore("a", 2).acquire({ weight: 2 });
  const waiting = other.semaphore("a").acquire({ weight: 2 });
  run.end();
  run.end();
  const next = await waiting;
  permit.release();
  await permit[Symbol.asyncDispose]();
  expect((await other.semaphore("a").inspect()).state["available"]).toBe(0);
  next.release();
  await expect(run.semaphore("a").tryAcquire()).rejects.toMatchObject({ code: "CLOSED" });
  await expect(run.channel("a").close()).rejects.toMatchObject({ code: "CLOSED" });
});

it("gives up what an ended run waits for: the value goes to somebody else", async () => {
  const { run, other } = open();
  const abandoned = run.channel("a").receive();
  run.end();
  await expect(abandoned).rejects.toMatchObject({ code: "CLOSED" });
  const received = other.channel("a").receive();
  expect(await other.channel("a").trySend(1)).toBe(true);
  expect((await received).value).toBe(1);
});

it("ends the waits of a cancelled run with the reason, and still does what need not wait", async () => {
  const { run, other } = open();
  const held = await other.semaphore("a").acquire();
  const waiting = run.semaphore("a").acquire();
  const reason = { why: "enough" };
  run.cancel(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(run.semaphore("a").acquire()).rejects.toBe(reason);
  await expect(run.channel("c").receive()).rejects.toBe(reason);
  await other.channel("d", { capacity: 1 }).send(1);
  expect((await run.channel("d").receive()).value).toBe(1);
  held.release();
  const last = await run.semaphore("a").acquire();
  expect(await other.semaphore("a").tryAcquire()).toBeUndefined();
  last.release();
});

it("waits for nothing where its run was cancelled before it asked for a name", async () => {
  const { desk, other } = open();
  const held = await other.semaphore("a").acquire();
  const reason = new Error("enough");
  const late = new RunNames(desk, { cancelled: true, reason });
  await expect(late.semaphore("a").acquire()).rejects.toBe(reason);
  held.release();
  (await late.semaphore("a").acquire()).release();
});
