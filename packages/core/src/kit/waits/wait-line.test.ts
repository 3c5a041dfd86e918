import { expect, it } from "vitest";
import { WaitLine, WaitPlace } from "./wait-line.ts";

class Guest extends WaitPlace {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

const names = (line: WaitLine<Guest>): string[] => Array.from(line, ({ name }) => name);

it("holds the waiters themselves, by priority", () => {
  const line = new WaitLine<Guest>();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new Guest(name)) as [
    Guest,
    Guest,
    Guest,
    Guest,
  ];
  line.join(a);
  line.join(b, 1);
  line.rejoin(c);
  line.joinBefore(d, a);
  expect(names(line)).toEqual(["b", "c", "d", "a"]);
  expect([line.first, line.size, a.isWaiting]).toEqual([b, 4, true]);
  expect([line.leave(b), line.leave(b), b.isWaiting]).toEqual([true, false, false]);
  expect(line.first).toBe(c);
});

it("takes one back that has left, at another priority too", () => {
  const line = new WaitLine<Guest>();
  const [a, b] = [new Guest("a"), new Guest("b")];
  line.join(a, 1);
  line.join(b, 1);
  line.leave(a);
  line.join(a, 1);
  expect(names(line)).toEqual(["b", "a"]);
  line.leave(a);
  line.join(a, 2);
  expect(names(line)).toEqual(["a", "b"]);
});

it("finds the level of a priority again after it was dropped", () => {
  const line = new WaitLine<Guest>();
  const [a, b] = [new Guest("a"), new Guest("b")];
  line.join(a, 5);
  line.leave(a);
  line.join(b, 1);
  expect(line.first).toBe(b); // level 5 has surfaced, and is gone
  line.join(a, 5);
  expect(names(line)).toEqual(["a", "b"]);
  expect(line.first).toBe(a);
});
