import { asyncProperty, check, defaultReportMessage, nat, sample, scheduler } from "fast-check";
import { expect, it } from "vitest";
import { type MakeGroup, type Nest, programs, tryProgram } from "../../test/group-programs.ts";
import { brokenGroups } from "../../test/broken-groups.ts";
import { taskGroup } from "./task-group.ts";

const most = 60_000;

const anyTrial = (makeGroup: MakeGroup) =>
  asyncProperty(programs, scheduler(), nat({ max: 30 }), async (program, order, abortAt) => {
    const { problems } = await tryProgram(makeGroup, program, order, abortAt);
    expect(problems).toEqual([]);
  });

it(
  "leaves nothing behind and loses no error, whatever is aborted when",
  async () => {
    const details = await check(anyTrial(taskGroup), { numRuns: 1_000 });
    expect(defaultReportMessage(details)).toBeUndefined();
    expect(details.numRuns).toBe(1_000);
  },
  most,
);

const leaf = { kind: "leaf", steps: 2, end: "value", onAbort: "reason" } as const;
const open = { kind: "nest", limit: Infinity, isSupervised: false, defers: true } as const;
const chosen: readonly Nest[] = [
  { ...open, cancelAfter: null, children: [leaf, { ...leaf, onAbort: "own error" }, leaf] },
  { ...open, cancelAfter: 1, children: [leaf, { ...leaf, end: "error" }, leaf] },
  {
    ...open,
    limit: 1,
    cancelAfter: null,
    children: [
      { ...open, cancelAfter: null, children: [leaf, { ...leaf, steps: 1, end: "error" }] },
      leaf,
    ],
  },
  {
    ...open,
    isSupervised: true,
    limit: 2,
    cancelAfter: null,
    children: [
      { ...leaf, end: "error" },
      { ...open, cancelAfter: 1, children: [leaf, { ...leaf, onAbort: "ignore" }] },
      leaf,
    ],
  },
];

it(
  "leaves nothing behind when it is aborted at every single step",
  async () => {
    let trials = 0;
    for (const program of chosen) {
      for (let seed = 1; seed <= 10; seed++) {
        let total = 0;
        for (let abortAt = 0; abortAt <= total; abortAt++) {
          const [order] = sample(scheduler(), { seed, numRuns: 1 });
          const { steps, problems } = await tryProgram(taskGroup, program, order!, abortAt);
          expect(problems, `abort at step ${abortAt}, order ${seed}`).toEqual([]);
          total = Math.max(total, steps);
          trials++;
        }
      }
    }
    expect(trials).toBeGreaterThan(200);
  },
  most,
);

it.each(Object.entries(brokenGroups))(
  "catches a group that %s",
  async (_, makeGroup) => {
    const { failed } = await check(anyTrial(makeGroup), { numRuns: 1_000, endOnFailure: true });
    expect(failed).toBe(true);
  },
  most,
);
