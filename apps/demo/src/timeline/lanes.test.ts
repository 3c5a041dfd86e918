import { describe, expect, it } from "vitest";
import type { Span } from "../record-spans.ts";
import { lanesOf } from "./lanes.ts";

const span = (lane: string, started: number, ended: number): Span => ({
  lane,
  queued: 0,
  started,
  ended,
  outcome: "completed",
});

describe("lanesOf", () => {
  it("gives each worker a lane, in the order of their numbers", () => {
    const spans = [span("thread 10", 0, 1), span("thread 2", 0, 1), span("thread 2", 2, 3)];
    expect(lanesOf(spans).map(({ name, rows }) => [name, rows])).toEqual([
      ["thread 2", 1],
      ["thread 10", 1],
    ]);
  });

  it("stacks what was under way at once, in as few rows as it takes", () => {
    const spans = [span("loop", 0, 4), span("loop", 1, 2), span("loop", 2, 6), span("loop", 4, 5)];
    const [lane] = lanesOf(spans);
    expect(lane?.rows).toBe(2);
    expect(lane?.spans.map(({ row }) => row)).toEqual([0, 1, 1, 0]);
  });

  it("leaves out what never ran, and keeps the numbers of the others", () => {
    const spans: Span[] = [{ lane: "loop", queued: 0, ended: 1, outcome: "cancelled" }];
    const [lane] = lanesOf([...spans, span("loop", 1, 2)]);
    expect(lane?.spans.map(({ index }) => index)).toEqual([1]);
  });
});
