import { expect, it } from "vitest";
import { CreditGate } from "./credit-gate.ts";

/** Whether a promise is settled after all reactions that are ready have run. */
async function isSettled(promise: Promise<unknown> | void): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise?.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

it("lets as many items pass as there are credits, without a promise", () => {
  const gate = new CreditGate(2);
  expect([gate.take(), gate.take()]).toEqual([undefined, undefined]);
});

it("pauses the producer until a credit comes, and then spends it", async () => {
  const gate = new CreditGate(0);
  const paused = gate.take();
  expect(await isSettled(paused)).toBe(false);
  gate.grant(0);
  expect(await isSettled(paused)).toBe(false);
  gate.grant(2);
  await paused;
  expect(gate.take()).toBeUndefined();
  expect(await isSettled(gate.take())).toBe(false);
});

it("keeps credits that come before they are needed", () => {
  const gate = new CreditGate(0);
  gate.grant(1);
  gate.grant(1);
  expect([gate.take(), gate.take()]).toEqual([undefined, undefined]);
  expect(gate.take()).toBeInstanceOf(Promise);
});

it.each([null, 0, new Error("left")])(
  "ends the wait of a paused producer with the very reason it was closed with: %s",
  async (reason) => {
    const gate = new CreditGate(0);
    const paused = gate.take();
    gate.close(reason);
    gate.close("later");
    await expect(paused).rejects.toBe(reason);
  },
);

it("refuses every item after it was closed, credits or not", async () => {
  const gate = new CreditGate(5);
  gate.close("over");
  await expect(gate.take()).rejects.toBe("over");
  gate.grant(1);
  await expect(gate.take()).rejects.toBe("over");
});
