import { describe, expect, it } from "vitest";
import {
  longest,
  portableRuntimes,
  portableTests,
} from "../../../tooling/portable/portable-tests.ts";

const everywhere = {
  executor: [[4, 25, 8], [2, 3, 5, 7, 11], "TIMEOUT"],
  byHand: [1, "finally", "enough", true, true],
  twoWay: [
    { done: false, value: 0 },
    { done: false, value: 10 },
    { done: true, value: "sum 30" },
  ],
  scopes: ["ended", "deferred", true, "TASKS_LEAKED", 1, 1],
  channels: [110, [1, 2, 3, 4], "enough", "CHANNEL_CLOSED"],
  broadcasts: [[2, 3], [1], [3]],
  pipelines: [
    ["2", "4", "6"],
    [1, 2, 3],
  ],
  tickers: "later",
  select: [["word", "permit", "job", "stop"], 0, 0],
  selectEnds: ["enough", "late", "default", 0, true],
  timersBesideGenerators: true,
  timersBesideChannels: true,
  timersBesideWaits: true,
};

describe("the packages as they are published", { timeout: longest }, () => {
  const project = portableTests({
    name: "coroutines",
    everywhere,
    withHooks: { context: "kept" },
    withoutHooks: { context: "none" },
  });

  it.each(portableRuntimes())(
    "do the same in $name where setImmediate is hidden",
    async ({ program, args }) => {
      const results = await project().print(program, args, "like-a-page");
      expect(JSON.parse(results)).toEqual({ ...everywhere, context: "kept" });
    },
  );
});
