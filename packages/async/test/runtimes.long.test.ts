import { describe } from "vitest";
import { longest, portableTests } from "../../../tooling/portable/portable-tests.ts";

describe("the packages as they are published", { timeout: longest }, () => {
  portableTests({
    name: "async",
    everywhere: {
      eventLoop: [[1, 4, 9, 16, 25], 2, "TIMEOUT"],
      semaphore: [2, 2],
      queue: [1, 2, 3],
      policies: 3,
      firstError: [true, true, ["Error: second"]],
      deadline: "TIMEOUT",
      deaf: ["TASKS_LEAKED", ["body", "task group > deaf"], "enough"],
      limit: [0, 1, 2, 3],
      gather: [1, "two"],
      race: "first",
      any: "up",
      asCompleted: [0, 1, 2],
      reasons: ["enough", "enough", "enough", "enough", "enough", "enough"],
      iterators: 6,
    },
    withHooks: { context: "kept" },
    withoutHooks: { context: "none" },
  });
});
