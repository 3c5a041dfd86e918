import { virtualClock } from "@quintet/core/kit";
import { expect, it } from "vitest";
import type { SentRun } from "./sent-run.ts";
import type { ClientLink } from "../transport/transport.ts";
import { Watch } from "./watch.ts";

it("looks at the workers in one rhythm, however often runs begin and end while it looks", async () => {
  const clock = virtualClock();
  const live = new Map<number, SentRun>();
  let looks = 0;
  const link = {
    workers: async () => {
      looks++;
      await new Promise<void>((resolve) => clock.after(5, resolve));
      return [{ name: "one", concurrency: 1 }];
    },
  } as unknown as ClientLink;
  const options = { client: "c", queue: "q", noWorkersTimeout: 60_000 };
  const watch = new Watch(link, clock, live, options, () => {});
  const run = { run: { started: false } } as unknown as SentRun;
  for (let n = 0; n < 20; n++) {
    live.set(n, run);
    watch.start();
    await clock.advance(2);
    live.delete(n);
    watch.rest();
  }
  live.set(99, run);
  watch.start();
  await clock.advance(10);
  looks = 0;
  await clock.advance(10_050); // a look takes 5 ms, and the next one begins 2,000 later
  expect(looks).toBe(5);
  watch.close();
});
