import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Position, ringSlots } from "@quintet/pool";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AnswerFile } from "./answer-file.ts";
import { longestRecorded, RecordWriter } from "./record-writer.ts";

let file: AnswerFile;
let writer: RecordWriter;

beforeEach(() => {
  file = new AnswerFile();
  writer = new RecordWriter(file.descriptor);
});

afterEach(() => file.close());

/** Writes answers from a position on, each with the start of the next run. */
function write(first: Position, outputs: readonly unknown[]): void {
  for (const [index, output] of outputs.entries()) {
    const position = (first + index) | 0;
    const answer = { position, duration: index / 4, output };
    expect(writer.write((position + 1) | 0, answer)).toBe(true);
  }
}

function read(first: Position, count: number): unknown[] {
  const found: unknown[] = [];
  file.read(first, (first + count) | 0, (...answer) => found.push(answer));
  return found;
}

const plain = [undefined, null, true, false, -0, 1e300, "", "ü\u{1F600}\ud800"];

describe("what was written into the file of answers", () => {
  it.each([0, ringSlots - 3, 2 ** 31 - 3, -4])("is read again, from %d on", (first) => {
    write(first, plain);
    expect(read(first, plain.length)).toEqual(
      plain.map((output, index) => [(first + index) | 0, index / 4, output]),
    );
    const starts = [first, first + 1, first + plain.length, first + plain.length + 1];
    const started = starts.map((position) => file.hasStarted(position | 0));
    expect(started).toEqual([false, true, true, false]);
  });

  it("is read all around the ring", () => {
    const outputs = Array.from({ length: ringSlots }, (_, index) => index);
    write(100, outputs);
    expect(read(100, ringSlots)).toHaveLength(ringSlots);
  });

  it("ends at the first answer that is not there, or that is one of an earlier run", () => {
    write(0, ["a", "b"]);
    writer.write(4, undefined);
    write(4, ["e"]);
    expect(read(0, 5)).toHaveLength(2);
    expect([3, 4].map((position) => file.hasStarted(position))).toEqual([false, true]);
    expect(read(ringSlots, 2)).toEqual([]);
    expect(file.hasStarted(ringSlots + 1)).toBe(false);
  });

  it("is no answer that does not fit", () => {
    const text = "x".repeat(longestRecorded);
    write(0, [text]);
    expect(read(0, 1)).toEqual([[0, 0, text]]);
    expect(writer.write(2, { position: 1, duration: 0, output: `${text}x` })).toBe(false);
    expect([read(1, 1), file.hasStarted(2)]).toEqual([[], false]);
  });

  it("goes another way for good once the file cannot be written", () => {
    const broken = new RecordWriter(-1);
    expect([broken.write(1, undefined), broken.write(2, undefined)]).toEqual([false, false]);
  });
});

it("leaves no name in any folder", () => {
  const ours = (name: string): boolean => name.startsWith(`quintet-answers-${process.pid}-`);
  const folders = process.platform === "linux" ? ["/dev/shm", tmpdir()] : [tmpdir()];
  expect(folders.flatMap((folder) => readdirSync(folder)).filter(ours)).toEqual([]);
});

it("takes the first folder that can be written, and says which it tried when none can", () => {
  const none = join(tmpdir(), "no", "such", "folder");
  const second = new AnswerFile([none, tmpdir()]);
  second.close();
  // A second time does not close a file that has its number by now.
  second.close();
  expect(() => new AnswerFile([none, "/nowhere"])).toThrow(
    `No process can be started: there is no place for its answers in ${none} or /nowhere (Error: ENOENT`,
  );
});
