import { random } from "../random.ts";
import type { BenchRecord, Item } from "./workers/functions.js";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Records of so many items, about 1 kB each when serialised. No two of them share an object or a string: a message
 * with several inputs would carry what they share once.
 */
export function records(number: number, items: number): BenchRecord[] {
  return Array.from({ length: number }, (_, id) => {
    const next = random(id);
    return { id, items: Array.from({ length: items }, (__, key) => item(key, next)) };
  });
}

function item(key: number, next: () => number): Item {
  const name = Array.from({ length: 200 }, () => letters[Math.floor(next() * letters.length)]);
  const values = Array.from({ length: 120 }, () => Math.floor(next() * 2 ** 30));
  return { key, name: name.join(""), values };
}
