import { expect, it } from "vitest";
import { places } from "../src/places.ts";
import { randomNumbers } from "../src/random-numbers.ts";
import { type Endings, SoakRound, type Wrongs } from "../src/soak-round.ts";

it.each([
  ["threads", 4],
  ["processes", 2],
])(
  "%s settle every call of every sort once, through crashes, aborts and closes at random",
  async (name, rounds) => {
    const random = randomNumbers(3);
    const endings: Endings = {};
    const wrongs: Wrongs = [];
    for (let round = 0; round < rounds; round++)
      await new SoakRound(places[name]!, random, endings, wrongs).run();
    expect(wrongs).toEqual([]);
    const due = ["value", "aborted", "timeout", "lost", "own error", "map", "stream"];
    expect(due.filter((ending) => endings[ending] === undefined)).toEqual([]);
  },
  180_000,
);
