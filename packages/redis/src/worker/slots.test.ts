import { expect, it } from "vitest";
import { Slots } from "./slots.ts";

it("gives as many places as there are, first come, first served, and passes nobody who waits", async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  await slots.take();
  expect(slots.tryTake()).toBe(true);
  expect(slots.tryTake()).toBe(false);
  const waiting = [1, 2].map((name) => slots.take().then(() => order.push(name)));
  slots.give();
  await waiting[0];
  expect(slots.tryTake()).toBe(false);
  slots.give();
  await waiting[1];
  expect(order).toEqual([1, 2]);
  slots.give();
  expect(slots.tryTake()).toBe(true);
});
