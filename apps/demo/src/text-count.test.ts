import { describe, expect, it } from "vitest";
import { TextCount } from "./text-count.ts";

function counted(...pieces: readonly (string | Uint8Array)[]): TextCount {
  const text = new TextCount();
  for (const piece of pieces) text.add(Buffer.from(piece as string));
  text.finish();
  return text;
}

describe("words", () => {
  it("are runs of letters and digits that begin with a letter", () => {
    expect(counted("one two2 3 _four-five 6six").words).toBe(5);
  });

  it("are counted each, in lower case, from four letters on", () => {
    const { counts } = counted("Über über ÜBER the x1234 naïve");
    expect(Object.fromEntries(counts)).toEqual({ über: 3, x1234: 1, naïve: 1 });
  });

  it("stay whole where a file is cut, wherever that is", () => {
    const text = Buffer.from("Größe größer 漢字かな\r\nκόσμος κόσμος end");
    const whole = counted(text);
    for (let at = 0; at <= text.length; at++) {
      expect(counted(text.subarray(0, at), text.subarray(at))).toEqual(whole);
    }
  });

  it("take no longer to find in a file that is one endless word", () => {
    const piece = "a".repeat(1 << 20);
    const start = performance.now();
    expect(counted(piece, piece).words).toBeLessThan(5);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("lines", () => {
  it.each([
    ["", 0],
    ["\n", 1],
    ["a", 1],
    ["a\n", 1],
    ["a\nb", 2],
    ["a\r\n\r\nb\r\n", 3],
  ])("of %j are %d", (text, lines) => {
    expect(counted(text).lines).toBe(lines);
  });
});

describe("a binary file", () => {
  it("has a NUL byte near its beginning, and no words", () => {
    const { isBinary, lines, words } = counted("text\n\0text", "text\n");
    expect({ isBinary, lines, words }).toEqual({ isBinary: true, lines: 0, words: 0 });
  });

  it("is none for a NUL byte far into it", () => {
    expect(counted("a ".repeat(5_000), "\0").isBinary).toBe(false);
  });
});
