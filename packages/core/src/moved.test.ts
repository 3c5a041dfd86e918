import { describe, expect, expectTypeOf, it } from "vitest";
import { isMoved, move, type Unmoved } from "./moved.ts";

describe("what is moved", () => {
  it("is the value itself, or the buffer under a typed array, unless told", () => {
    const buffer = new ArrayBuffer(8);
    const bytes = new Uint8Array(buffer);
    expect(move(buffer).transfer).toEqual([buffer]);
    expect(move(bytes).transfer).toEqual([buffer]);
    expect(move({ bytes }, [buffer])).toEqual({ value: { bytes }, transfer: [buffer] });
  });

  it("is known again, and nothing that only looks like it", () => {
    const moved = move(new ArrayBuffer(1));
    expect(isMoved(moved)).toBe(true);
    expect(isMoved({ ...moved })).toBe(false);
    expect([undefined, null, 1, "text"].some(isMoved)).toBe(false);
  });

  it("is not asked of a proxy", () => {
    const trap = (): never => {
      throw new Error("asked");
    };
    const proxy: unknown = new Proxy({}, { has: trap, get: trap, getPrototypeOf: trap });
    expect(isMoved(proxy)).toBe(false);
  });

  it("has the type of the value for who gets it", () => {
    const moved = move(new Uint8Array(1));
    expectTypeOf<Unmoved<typeof moved>>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    expectTypeOf<Unmoved<number | typeof moved>>().toEqualTypeOf<
      number | Uint8Array<ArrayBuffer>
    >();
  });
});
