import { getEventListeners } from "node:events";
import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import { stateOf } from "../../test/turns.ts";
import { event } from "./event.ts";

const reason = { why: "enough" };

it("lets those who wait go on when it is set, though it is cleared right after", async () => {
  const ready = event();
  const waiting = [ready.wait(), ready.wait()];
  expect(await stateOf(waiting[0]!)).toBe("pending");
  ready.set();
  ready.set();
  ready.clear();
  await Promise.all(waiting);
  expect([ready.isSet, await stateOf(ready.wait())]).toEqual([false, "pending"]);
});

it("lets whoever comes go on at once while it is set", async () => {
  const ready = event();
  ready.set();
  await ready.wait();
  const signal = AbortSignal.abort(reason);
  await expect(ready.wait({ signal })).rejects.toBe(reason);
});

it("leaves nothing behind when a wait is aborted, is late or ends", async () => {
  const clock = virtualClock();
  const ready = event({ clock });
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = ready.wait({ signal, timeout: 5 });
  const late = ready.wait({ timeout: 10 }).catch((error: unknown) => error);
  const other = ready.wait({ signal: new AbortController().signal, timeout: 20 });
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  await clock.advance(10);
  expect(await late).toMatchObject({ code: "TIMEOUT" });
  ready.set();
  await other;
  expect([getEventListeners(signal, "abort"), clock.pending]).toEqual([[], 0]);
  expect(ready.inspect()).toMatchObject({ kind: "event", state: { isSet: true, waiting: 0 } });
});
