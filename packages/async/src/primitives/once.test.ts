import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { turn } from "../../test/turns.ts";
import { once } from "./once.ts";

const reason = { why: "enough" };

it("runs its function at the first call, once, for all who call", async () => {
  let runs = 0;
  const connect = once(async () => ++runs);
  expect(connect.inspect().state).toEqual({ done: false, running: false, waiting: 0 });
  const all = [connect(), connect()];
  expect(runs).toBe(1);
  expect(connect.inspect()).toMatchObject({ kind: "once", state: { running: true, waiting: 2 } });
  expect(await Promise.all([...all, connect()])).toEqual([1, 1, 1]);
  expect(connect.inspect().state).toEqual({ done: true, running: false, waiting: 0 });
});

it("keeps undefined as a value", async () => {
  let runs = 0;
  const start = once(() => void runs++);
  await start();
  await start();
  expect(runs).toBe(1);
});

it("gives an error to those who wait for it, and tries again at the next call", async () => {
  let runs = 0;
  const connect = once(() => {
    if (++runs === 1) throw reason;
    return runs;
  });
  const failed = connect();
  expect(connect.inspect().state["running"]).toBe(false);
  await expect(failed).rejects.toBe(reason);
  expect(await connect()).toBe(2);
});

it("lets one who is aborted go, and runs on for the others", async () => {
  const gate = Promise.withResolvers<string>();
  const open = once(() => gate.promise);
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = open({ signal });
  const other = open();
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  await expect(open({ signal })).rejects.toBe(reason);
  gate.resolve("open");
  expect([await other, getEventListeners(signal, "abort")]).toEqual(["open", []]);
});

it("starts nothing for a signal that has aborted", async () => {
  let runs = 0;
  const start = once(() => runs++);
  await expect(start({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(runs).toBe(0);
});

it("forgets its value, or the run under way, when it is reset", async () => {
  const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let runs = 0;
  const load = once(() => gates[runs++]!.promise);
  const early = load();
  load.reset();
  const later = load();
  gates[1]?.resolve("new");
  expect(await later).toBe("new");
  gates[0]?.resolve("old");
  expect(await early).toBe("old");
  await turn();
  expect(await load()).toBe("new");
  load.reset();
  expect(load.inspect().state["done"]).toBe(false);
});

it("refuses what is no function", () => {
  expect(() => once(1 as never)).toThrow("the first argument must be a function, got 1");
});
