/** Scheduler and task runner together, with messages that take their time. */
import assert from "node:assert/strict";
import { inline } from "@quintet/core";
import { TaskExecutor, virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { rejection, turn } from "../../test/fake-transport.ts";
import { LoopTransport } from "../../test/loop-transport.ts";
import { ringSlots } from "../transport/ring-memory.ts";
import { Scheduler } from "../scheduler/scheduler.ts";

/** A pool of task runners in this thread. */
function loopPool(max: number): { pool: TaskExecutor; transport: LoopTransport } {
  const transport = new LoopTransport();
  const engine = new Scheduler(transport, {
    workers: { min: 0, max, idle: Infinity },
    grace: 1_000,
    startTimeout: 30_000,
    tasksPerWorker: Infinity,
    carry: [],
  });
  const pool = new TaskExecutor({
    name: "loop",
    engine,
    clock: virtualClock(),
    maxQueue: Infinity,
  });
  return { pool, transport };
}

/** Until nothing is on its way any more. */
async function settleDown({ links }: LoopTransport): Promise<void> {
  for (let quiet = 0; quiet < 3;) {
    const steps = links.filter((link) => [link.stepWorker(), link.stepCaller()].some(Boolean));
    quiet = steps.length > 0 ? 0 : quiet + 1;
    await turn();
  }
}

const starts: number[] = ((globalThis as Record<string, unknown>)["wholeWayStarts"] ??=
  []) as number[];

interface Job {
  readonly n: number;
  readonly how: "value" | "promise" | "error";
}

const work = inline((input: unknown): unknown => {
  const plain = typeof input === "number";
  const { n, how } = plain ? { n: input, how: "value" } : (input as { n: number; how: string });
  (globalThis as unknown as { wholeWayStarts: number[] }).wholeWayStarts.push(n);
  if (how === "error") throw new RangeError(`error ${n}`);
  if (how === "promise") return Promise.resolve(input);
  return input;
});

type Input = "plain" | Job["how"] | "bad";

type Step =
  | { readonly do: "run"; readonly input: Input; readonly observed: boolean }
  | { readonly do: "map"; readonly inputs: readonly Input[] }
  | { readonly do: "abort"; readonly which: number }
  | { readonly do: "worker" | "caller"; readonly which: number }
  | { readonly do: "exit"; readonly which: number }
  | { readonly do: "microtask" | "turn" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("run" as const),
      input: fc.constantFrom("plain", "plain", "value", "promise", "error", "bad"),
      observed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("map" as const),
      inputs: fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.constant("plain") },
          { weight: 1, arbitrary: fc.constantFrom("value", "promise", "error", "bad") },
        ),
        { maxLength: 40, size: "max" },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const), which: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom("worker", "caller"), which: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("microtask", "turn") }) },
) as fc.Arbitrary<Step>;

const exit: fc.Arbitrary<Step> = fc.record({ do: fc.constant("exit" as const), which: fc.nat() });

/** Of an error of ours the code, of others the message; the reason of an abort is no error. */
function printed(reason: unknown): unknown {
  if (!(reason instanceof Error)) return reason;
  return (reason as { code?: unknown }).code ?? reason.message;
}

/** Takes the steps, waits until all is quiet, and looks at what came of each run. */
async function play(steps: readonly Step[], max: number, prompt: boolean): Promise<void> {
  const { pool, transport } = loopPool(max);
  const runs: { readonly outcome: Promise<unknown>; readonly controller: AbortController }[] = [];
  const expected: unknown[] = [];
  const link = (which: number) => {
    const alive = transport.links.filter(({ gone }) => !gone);
    return alive[which % Math.max(1, alive.length)];
  };
  starts.length = 0;
  let count = 0;
  /** An input, and what will come of it. */
  const make = (kind: Input): unknown => {
    const n = count++;
    const input = kind === "plain" ? n : { n, how: kind };
    if (kind === "bad") expected.push("NOT_CLONEABLE");
    else expected.push(kind === "error" ? `error ${n}` : input);
    return kind === "bad" ? { n, how: "value", f: () => 1 } : input;
  };
  for (const each of steps) {
    for (const one of transport.links) one.prompt = prompt;
    if (each.do === "run") {
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const given = make(each.input);
      const result = each.observed
        ? pool.submit(work, given, options).result
        : pool.run(work, given, options);
      runs.push({ outcome: result.catch(printed), controller });
    } else if (each.do === "map") {
      const controller = new AbortController();
      const options = { signal: controller.signal, settle: true } as const;
      const from = expected.length;
      const results = pool.map(work, each.inputs.map(make), options).toArray();
      // All of them are one outcome, which is compared one by one.
      expected.splice(from, each.inputs.length, expected.slice(from));
      const outcomes = results.then((all) =>
        all.map((one) => (one.status === "fulfilled" ? one.value : printed(one.reason))),
      );
      runs.push({ outcome: outcomes.catch(printed), controller });
    } else if (each.do === "abort") runs[each.which % runs.length]?.controller.abort("aborted");
    else if (each.do === "worker") link(each.which)?.stepWorker();
    else if (each.do === "caller") link(each.which)?.stepCaller();
    else if (each.do === "exit") link(each.which)?.exit({ exitCode: 7 });
    else if (each.do === "turn") await turn();
    else await Promise.resolve();
  }
  await settleDown(transport);
  const { queued, running } = pool.stats();
  assert.deepEqual({ queued, running }, { queued: 0, running: 0 });
  const outcomes = await Promise.all(runs.map(({ outcome }) => outcome));
  const died = steps.some((each) => each.do === "exit");
  const compare = (outcome: unknown, wanted: unknown): void => {
    if (Array.isArray(outcome))
      for (const n of (wanted as unknown[]).keys()) compare(outcome[n], (wanted as unknown[])[n]);
    else if (outcome !== "aborted" && !(died && outcome === "WORKER_LOST"))
      assert.deepEqual(outcome, wanted);
  };
  compare(outcomes, expected);
  assert.equal(new Set(starts).size, starts.length);
  const mapped = steps.some((each) => each.do === "map");
  if (max === 1 && !died && !mapped)
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    );
  const closed = pool.close();
  await settleDown(transport);
  await closed;
}

it.each([
  ["however slow its messages are", 1, step, 150],
  ["at several workers too", 3, step, 100],
  [
    "except what was running at a worker that died",
    2,
    fc.oneof({ weight: 30, arbitrary: step }, { weight: 1, arbitrary: exit }),
    150,
  ],
])(
  "runs each task once, and settles it with what is its own, %s",
  async (_, max, steps, numRuns) => {
    const property = fc.asyncProperty(
      fc.array(steps, { maxLength: 80, size: "max" }),
      fc.boolean(),
      (each, prompt) => play(each, max, prompt),
    );
    await expect(fc.assert(property, { numRuns })).resolves.toBeUndefined();
  },
);

it("gives the slot of an answer to another run only when the worker is done with it", async () => {
  const { pool, transport } = loopPool(1);
  const first = pool.run(work, { n: 0, how: "value" });
  await settleDown(transport);
  await first;
  const [link] = transport.links;
  // A task whose answer goes by message, and behind it as many runs that were taken back as there are slots.
  const { promise, resolve } = Promise.withResolvers<unknown>();
  (globalThis as Record<string, unknown>)["wholeWayGate"] = promise;
  const long = pool.run(
    inline(() => (globalThis as unknown as { wholeWayGate: Promise<unknown> }).wholeWayGate),
    undefined,
  );
  await settleDown(transport);
  for (let n = 1; n < ringSlots; n++) {
    const controller = new AbortController();
    const aborted = pool.run(work, n, { signal: controller.signal });
    controller.abort("no");
    expect(await rejection(aborted)).toBe("no");
  }
  // The answer is read, and its slot given away, before the worker goes on after it sent it.
  const next = pool.run(work, 2);
  (link as NonNullable<typeof link>).prompt = true;
  resolve({ by: "message" });
  await settleDown(transport);
  expect(pool.stats()).toMatchObject({ queued: 0, running: 0 });
  expect(await Promise.all([long, next])).toEqual([{ by: "message" }, 2]);
});
