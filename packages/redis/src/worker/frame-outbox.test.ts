import { setImmediate as turn } from "node:timers/promises";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { FrameOutbox } from "./frame-outbox.ts";

/** What was sent, and how each message ends. */
class Link {
  readonly sent: [to: string, frames: string][] = [];
  readonly ends: PromiseWithResolvers<void>[] = [];

  readonly send = (to: string, frames: string): Promise<void> => {
    this.sent.push([to, frames]);
    const end = Promise.withResolvers<void>();
    this.ends.push(end);
    return end.promise;
  };
}

describe("what is told to clients", () => {
  it("goes in one message for each client, and what comes meanwhile in the next", async () => {
    const link = new Link();
    const outbox = new FrameOutbox(link, virtualClock());
    const first = [outbox.end("a", 1, "1"), outbox.end("b", 2, "2"), outbox.end("a", 3, "3")];
    await turn();
    const later = outbox.end("a", 4, "4");
    await turn();
    expect(link.sent).toEqual([
      ["a", "[1,3]"],
      ["b", "[2]"],
    ]);
    for (const { resolve } of link.ends.splice(0)) resolve();
    await Promise.all(first);
    await turn();
    expect(link.sent.slice(2)).toEqual([["a", "[4]"]]);
    link.ends[0]?.resolve();
    await later;
  });

  it("is safe for each client by itself: one whose message is refused spoils no other's", async () => {
    const link = new Link();
    const outbox = new FrameOutbox(link, virtualClock());
    const ends = Promise.allSettled([outbox.end("a", 1, "1"), outbox.end("b", 2, "2")]);
    await turn();
    link.ends[0]?.reject(new Error("full"));
    link.ends[1]?.resolve();
    const states = (await ends).map(({ status }) => status);
    expect(states).toEqual(["rejected", "fulfilled"]);
    const again = outbox.end("a", 3, "3");
    await turn();
    link.ends[2]?.resolve();
    await again;
    expect(link.sent.at(-1)).toEqual(["a", "[3]"]);
  });

  it("leaves out the start of what has ended before that was told", async () => {
    const link = new Link();
    const clock = virtualClock();
    const outbox = new FrameOutbox(link, clock);
    outbox.start("a", 1, { frame: "s1", isDue: () => true });
    outbox.start("a", 2, { frame: "s2", isDue: () => true });
    void outbox.end("a", 1, "r1");
    await turn();
    for (const { resolve } of link.ends) resolve();
    await turn();
    await clock.advance(2);
    await turn();
    expect(link.sent).toEqual([
      ["a", "[r1]"],
      ["a", "[s2]"],
    ]);
  });
});
