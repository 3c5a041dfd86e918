import { ringSlots } from "@quintet/pool";
import { expect, it } from "vitest";
import { Claims } from "./claims.ts";

const twoThreads = (): [Claims, Claims] => {
  const cells = new Int32Array(new SharedArrayBuffer(4 * ringSlots));
  return [new Claims(cells), new Claims(cells)];
};

it("gives a run to whoever comes first, the very first one too", () => {
  const [tasks, recalls] = twoThreads();
  expect([tasks.start(0), recalls.revoke(0)]).toEqual([true, false]);
  expect([recalls.revoke(1), tasks.start(1)]).toEqual([true, false]);
});

it("says the same to who asks again", () => {
  const [tasks, recalls] = twoThreads();
  expect([recalls.revoke(7), recalls.revoke(7), tasks.start(7)]).toEqual([true, true, false]);
});

it.each([1, ringSlots - 1, -1])("knows nothing of later runs in the slot of %d", (position) => {
  const [tasks, recalls] = twoThreads();
  recalls.revoke(position);
  expect(tasks.start(position + ringSlots)).toBe(true);
  tasks.start(position);
  expect(recalls.revoke(position + ringSlots)).toBe(true);
});
