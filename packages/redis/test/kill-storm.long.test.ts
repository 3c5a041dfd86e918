import { expect, it } from "vitest";
import { killStorm } from "./soak/kill-storm.ts";

it(
  "a storm of killed workers costs no task its run, and none its one settlement",
  { timeout: 180_000 },
  async () => {
    const audit = await killStorm({ tasks: 1_000, workers: 3, duration: 5_000 });
    expect(audit).toMatchObject({
      completed: 1_000,
      failed: 0,
      neverRan: 0,
      settledWrong: 0,
      wrongResults: 0,
      tooManyInside: 0,
      permitsOut: 0,
      unheard: 0,
      leftKeys: [],
    });
    expect(audit.kills).toBeGreaterThan(0);
  },
);
