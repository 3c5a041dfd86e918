import { describe, expect, it } from "vitest";
import type { Question } from "./desk-ask.ts";
import { keyOf, tellAnswer, termsOf } from "./name-codec.ts";
import type { DeskAnswer } from "./desk-calls.ts";

const acquire: Question = {
  ...({ ask: "acquire", name: "a", permits: undefined, weight: 2 } as const),
  ...{ priority: 1.5, timeout: undefined, waits: true },
};

describe("a name in a key", () => {
  it("is nobody else's, also where it is no text in Unicode", () => {
    const names = ["a", "a\0b", "\\ud800", "\ud800", "\ud801", '"', '\\"', "ключ"];
    expect(new Set(names.map(keyOf)).size).toBe(names.length);
    expect(keyOf("\ud800")).toBe("\\ud800");
  });
});

describe("the terms of a question", () => {
  it("have higher priorities first, up to the highest", () => {
    const scores = [1.5, -3, Infinity, -Infinity].map(
      (priority) => termsOf({ ...acquire, priority }, 100)[2],
    );
    expect(scores).toEqual(["-1.5", "3", "-inf", "inf"]);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, "2"])("refuse %s permits", (permits) => {
    const wrong = { ...acquire, permits } as Question;
    expect(() => termsOf(wrong, 100)).toThrow("permits must be");
    const said = { ask: "permits", name: "a", permits } as Question;
    expect(() => termsOf(said, 100)).toThrow("permits must be");
  });

  it("refuse a name that is none", () => {
    expect(() => termsOf({ ...acquire, name: 5 as never }, 100)).toThrow("the name must be");
  });

  it("refuse a value that takes more bytes than may be sent, and take one that does not", () => {
    const sent = (value: unknown): readonly string[] =>
      termsOf({ ask: "send", name: "a", options: undefined, value, waits: false }, 10);
    expect(sent("12345678")[2]).toBe('"12345678"');
    expect(() => sent("1234567ü")).toThrow("takes 11 bytes, and 10 are sent at most");
  });
});

describe("an answer", () => {
  const told = (request: Question, answer: DeskAnswer): unknown => {
    let outcome: unknown;
    tellAnswer(
      {
        done: (value) => (outcome = value),
        failed: (error) => (outcome = (error as { code: unknown }).code),
        lost: () => expect.unreachable(),
      },
      request,
      answer,
    );
    return outcome;
  };

  it("that could only come from somebody else is refused", () => {
    const receive: Question = { ask: "receive", name: "a", options: undefined, waits: true };
    expect(told(receive, ["value", { $bytes: 1 }])).toBe("MALFORMED");
  });

  it("says how heavy a permit may be at most", () => {
    expect(told(acquire, ["heavy", 1])).toBe("INVALID_OPTION");
  });
});
