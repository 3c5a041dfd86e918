import { constants } from "node:os";
import { describe, expect, it } from "vitest";
import { places } from "../src/places.ts";
import { startDemo } from "./demo-process.ts";

/** Lines after which the work they tell of goes on for some time, on the default corpus. */
const moments = ["Each is read", ...places(2).map(({ name }) => `${name}: running`)];

const ways = [
  ...moments.map((moment) => ({ moment, signal: "SIGINT" as const })),
  { moment: "event loop: running", signal: "SIGTERM" as const },
  { moment: "event loop: running", signal: "SIGHUP" as const },
];

describe("a signal to stop", () => {
  it.each(ways)('$signal at "$moment" ends it at once and leaves nothing behind', async (way) => {
    const demo = startDemo("--limit", "1500", "--size", "2");
    await demo.printed(way.moment);
    demo.signal(way.signal);
    const { code, output, errors, leftBehind } = await demo.ended;
    expect(errors).toBe(`Stopped by ${way.signal === "SIGINT" ? "Ctrl-C" : way.signal}.\n`);
    expect(code).toBe(128 + constants.signals[way.signal]);
    expect(output.slice(output.indexOf(way.moment))).not.toContain("1,500 of 1,500");
    expect(leftBehind).toBe(false);
  });
});
