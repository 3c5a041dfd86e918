import { describe, expect, it } from "vitest";
import { chosen, readCommandLine, UsageError } from "./command-line.ts";

const subjects = ["quintet", "quintet, parking", "Piscina", "bare postMessage"].map((name) => ({
  name,
}));

const names = (wanted: readonly string[]): string[] =>
  chosen("subject", subjects, wanted).map(({ name }) => name);

describe("a name", () => {
  it("takes the one that is called so, and not those that contain it", () => {
    expect(names(["quintet"])).toEqual(["quintet"]);
  });

  it("takes all that contain it, in any case, where none is called so", () => {
    expect(names(["PARK"])).toEqual(["quintet, parking"]);
    expect(names(["i"])).toEqual(["quintet", "quintet, parking", "Piscina"]);
  });

  it("takes everybody where there is none", () => {
    expect(names([])).toHaveLength(4);
  });

  it("that nobody has is refused with those there are", () => {
    expect(() => names(["quartet"])).toThrow(/There is no subject "quartet"[^]*Piscina/);
  });
});

describe("the command line", () => {
  it("takes groups, and options more than once", () => {
    const args = ["threads", "--quick", "--work", "a", "--work", "b", "--json", "x.json"];
    expect(readCommandLine(args)).toEqual({
      help: false,
      groups: ["threads"],
      works: ["a", "b"],
      subjects: [],
      quick: true,
      json: "x.json",
    });
  });

  it("refuses what it does not know", () => {
    expect(() => readCommandLine(["--fast"])).toThrow(UsageError);
  });
});
