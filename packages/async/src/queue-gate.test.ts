import { expect, it } from "vitest";
import { QueueGate } from "./queue-gate.ts";

it("calls its listener once, with the reason to be read", () => {
  const gate = new QueueGate();
  const heard: unknown[] = [];
  gate.addEventListener("abort", () => heard.push(gate.reason));
  expect(gate.aborted).toBe(false);
  gate.abort(0);
  gate.abort("later");
  expect(heard).toEqual([0]);
  expect(gate.aborted).toBe(true);
});

it("does not call a listener that was removed", () => {
  const gate = new QueueGate();
  let calls = 0;
  gate.addEventListener("abort", () => calls++);
  gate.removeEventListener();
  gate.abort("enough");
  expect(calls).toBe(0);
  expect(gate.reason).toBe("enough");
});
