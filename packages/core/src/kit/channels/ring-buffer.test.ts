import * as fc from "fast-check";
import { expect, it } from "vitest";
import { RingBuffer } from "./ring-buffer.ts";

it("gives values in the order they came, whatever is added and taken between", () => {
  const steps = fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (counts) => {
      const ring = new RingBuffer<number>();
      const taken: number[] = [];
      let added = 0;
      for (const count of counts) {
        for (let times = 0; times < count; times++) ring.push(added++);
        for (let times = count; times < 0 && ring.size > 0; times++) taken.push(ring.shift());
      }
      const left = Array.from({ length: ring.size }, (_, index) => ring.at(index));
      expect([...taken, ...left]).toEqual(Array.from({ length: added }, (_, index) => index));
    }),
  );
});

it("holds no value that was taken, and no more room than it needs when it has run empty", () => {
  const ring = new RingBuffer<object>();
  const held = new WeakRef({});
  ring.push(held.deref()!);
  ring.shift();
  for (let index = 0; index < 10_000; index++) ring.push({});
  for (let index = 0; index < 10_000; index++) ring.shift();
  expect(ring.size).toBe(0);
  expect(ring.at(0)).toBeUndefined();
});
