import { defineTasks, isTask } from "@quintet/core";
import { describe, expect, it } from "vitest";
import type { DependencyState } from "../transport/dependencies.ts";
import { JobGate } from "./job-gate.ts";
import type { JobVerdict } from "./job-verdicts.ts";
import { type Envelope, protocolVersion, type WorkerCard } from "../transport/protocol.ts";
import type { FetchedJob } from "../transport/transport.ts";

const { run } = defineTasks("gate", import.meta.url, { run: () => 1 });
const job: FetchedJob = { id: "j", data: {}, level: 1, losses: 0, deliveries: 1 };
const envelope: Envelope = {
  v: protocolVersion,
  task: run.id,
  to: "c",
  at: 0,
  items: [{ n: 1, input: 1 }],
};

/** A gate for which others stand so, in the order in which it looks. */
function gate(
  looks: DependencyState["state"][],
  more: { cancelled?: unknown; cards?: Partial<WorkerCard>[] } = {},
): JobGate {
  let times = 0;
  const link = {
    dependencies: () =>
      Promise.resolve([{ state: looks[times] ?? "completed" } as DependencyState]),
    timesAside: () => Promise.resolve(times++),
    cancelled: () => Promise.resolve([more.cancelled]),
    workers: () => Promise.resolve((more.cards ?? []) as WorkerCard[]),
  };
  return new JobGate({ link, tasks: new Map([[run.id, run as never]]), worker: "w" });
}

async function entered(one: JobGate, terms: Partial<Envelope>): Promise<JobVerdict | "runs"> {
  const verdict = await one.enter(job, { ...envelope, ...terms });
  return isTask(verdict) ? "runs" : verdict;
}

describe("a gate", () => {
  it("gives what a job waits for half a second to come, once", async () => {
    const after = ["a"];
    const late = gate(["unknown", "completed"]);
    expect(await entered(late, { after })).toMatchObject({
      end: { type: "back", delay: 500, aside: "dependencies" },
    });
    expect(await entered(late, { after })).toBe("runs");
    const never = gate(["unknown", "unknown"]);
    await entered(never, { after });
    expect(await entered(never, { after })).toMatchObject({ error: { code: "DEPENDENCY_FAILED" } });
    const anyway = gate(["unknown", "unknown"]);
    await entered(anyway, { after, anyway: true });
    expect(await entered(anyway, { after, anyway: true })).toBe("runs");
  });

  it("looks ever less often, and lets a job through that was cancelled or is too late", async () => {
    const after = ["a"];
    const waiting = gate(Array.from({ length: 7 }, () => "pending" as const));
    const delays: unknown[] = [];
    for (let look = 0; look < 7; look++) {
      const verdict = (await entered(waiting, { after })) as JobVerdict;
      delays.push(verdict.end.type === "back" && verdict.end.delay);
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    const cancelled = gate(["pending", "pending"], { cancelled: "enough" });
    await entered(cancelled, { after });
    expect(await entered(cancelled, { after })).toBe("runs");
    expect(await entered(gate(["pending"]), { after, expires: 1 })).toBe("runs");
  });

  it("leaves a newer version to others: soon where there are some, else ever later", async () => {
    const alone = gate([]);
    const delays: number[] = [];
    for (let look = 0; look < 8; look++) {
      const { end, note } = (await entered(alone, { version: 2 })) as JobVerdict;
      expect(note === undefined).toBe(look > 0);
      if (end.type === "back") delays.push(end.delay);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    const near = gate([], { cards: [{ versions: { [run.id]: 2 } }] });
    const { end } = (await entered(near, { version: 2 })) as JobVerdict;
    expect(end.type === "back" && end.delay).toBeLessThanOrEqual(150);
    expect(await entered(alone, { version: 1 })).toBe("runs");
  });
});
