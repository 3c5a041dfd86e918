import * as fc from "fast-check";
import { expect, it } from "vitest";
import { FrameReader, FrameWriter } from "./frames.ts";

/** Cuts bytes at these places. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

it("finds every frame again, whatever pieces the bytes arrive in", () => {
  const small = fc.uint8Array({ maxLength: 300 });
  const large = fc.integer({ min: 4_000, max: 70_000 }).map((size) => new Uint8Array(size).fill(7));
  const frames = fc.array(fc.record({ kind: fc.nat(255), content: fc.oneof(small, large) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(frames, fc.array(fc.nat()), (sent, cuts) => {
      const writer = new FrameWriter();
      for (const { kind, content } of sent) writer.whole(kind, content);
      const found: { kind: number; content: Uint8Array }[] = [];
      const reader = new FrameReader((kind, content) =>
        found.push({ kind, content: Uint8Array.from(content.rest()) }),
      );
      for (const piece of pieces(Buffer.concat(writer.take()), cuts)) reader.push(piece);
      expect(found).toEqual(sent);
    }),
  );
});

it("reads what was written, in order", () => {
  const writer = new FrameWriter();
  writer.begin(7);
  writer.byte(200);
  writer.integer(-(2 ** 31));
  writer.number(-0);
  writer.text("ü\u{1F600}\ud800");
  writer.end();
  const reader = new FrameReader((kind, content) => {
    expect(kind).toBe(7);
    expect([content.byte(), content.integer()]).toEqual([200, -(2 ** 31)]);
    expect(content.number()).toBe(-0);
    expect(content.text()).toBe("ü\u{1F600}\ud800");
    expect(content.isOver).toBe(true);
  });
  reader.push(Buffer.concat(writer.take()));
  expect.assertions(5);
});

it("copies each byte of a large frame once, however small its pieces are", () => {
  const writer = new FrameWriter();
  const content = Buffer.alloc(1_000_000, 1);
  writer.whole(1, content);
  const bytes = Buffer.concat(writer.take());
  let copied = 0;
  const found: number[] = [];
  const reader = new FrameReader((_, whole) => found.push(whole.rest().length));
  for (let at = 0; at < bytes.length; at += 1_000) {
    const piece = bytes.subarray(at, at + 1_000);
    const copy = piece.copy.bind(piece);
    piece.copy = (...args: Parameters<Buffer["copy"]>) => {
      const count = copy(...args);
      copied += count;
      return count;
    };
    reader.push(piece);
  }
  expect(found).toEqual([1_000_000]);
  expect(copied).toBeLessThan(1.01 * bytes.length);
});

it("does not copy what is large", () => {
  const writer = new FrameWriter();
  const content = Buffer.alloc(5_000, 1);
  writer.whole(1, Buffer.from("a"));
  writer.whole(2, content);
  writer.whole(3, Buffer.from("b"));
  const parts = writer.take();
  expect(parts.map((part) => part.length)).toEqual([6 + 5, 5_000, 6]);
  expect(parts[1]).toBe(content);
});

it("goes on behind what was taken, which stays as it was", () => {
  const writer = new FrameWriter();
  const taken = Array.from({ length: 2_000 }, (_, index) => {
    writer.begin(1);
    for (let count = 0; count < 30; count++) writer.integer(index);
    writer.end();
    return writer.take();
  });
  const found: number[] = [];
  const reader = new FrameReader((_, content) => {
    while (!content.isOver) found.push(content.integer());
  });
  for (const parts of taken) for (const part of parts) reader.push(part as Buffer);
  expect(found).toEqual(Array.from({ length: 60_000 }, (_, index) => Math.floor(index / 30)));
});

it("keeps nothing of what it has handed over", () => {
  const writer = new FrameWriter();
  expect(writer.isEmpty).toBe(true);
  writer.whole(1, Buffer.from("a"));
  expect(writer.isEmpty).toBe(false);
  const written: number[] = [];
  writer.flush((bytes) => written.push(bytes.length));
  writer.flush((bytes) => written.push(bytes.length));
  expect(written).toEqual([6]);
});
