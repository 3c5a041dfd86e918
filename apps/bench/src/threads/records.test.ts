import { serialize } from "node:v8";
import { expect, it } from "vitest";
import { records } from "./records.ts";
import { checksum } from "./workers/functions.js";

it("are about as large as they are called", () => {
  expect(serialize(records(1, 1)[0]).length / 1_000).toBeCloseTo(1, 0.5);
  expect(serialize(records(1, 100)[0]).length / 100_000).toBeCloseTo(1, 0.5);
});

it("share no object, and are the same ones each time", () => {
  const [first, second] = [records(2, 1), records(2, 1)];
  expect(first).toEqual(second);
  expect(first[0]?.items[0]?.values).not.toEqual(first[1]?.items[0]?.values);
  const message = serialize(first).length;
  expect(message).toBeGreaterThan(1.9 * serialize(first[0]).length);
});

it("have a checksum that every part of them changes", () => {
  const [record] = records(1, 2);
  if (!record) throw new Error("There is no record.");
  const [item] = record.items;
  if (!item) throw new Error("There is no item.");
  const changed = [
    { ...record, id: 7 },
    { ...record, items: [item] },
    { ...record, items: [{ ...item, name: "other" }, ...record.items.slice(1)] },
    {
      ...record,
      items: [{ ...item, values: [1, ...item.values.slice(1)] }, ...record.items.slice(1)],
    },
  ];
  expect(new Set([record, ...changed].map(checksum)).size).toBe(5);
});
