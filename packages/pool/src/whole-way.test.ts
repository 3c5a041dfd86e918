/** Scheduler and task runner together, with messages that take their time. */
import { inline } from "@quintet/core";
import { TaskExecutor, virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { rejection, turn } from "../test/fake-transport.ts";
import { LoopTransport } from "../test/loop-transport.ts";
import { ringSlots } from "./ring.ts";
import { Scheduler } from "./scheduler.ts";

/** A pool of task runners in this thread. */
function loopPool(max: number): { pool: TaskExecutor; transport: LoopTransport } {
  const transport = new LoopTransport();
  const engine = new Scheduler(transport, {
    workers: { min: 0, max, idle: Infinity },
    grace: 1_000,
    startTimeout: 30_000,
    tasksPerWorker: Infinity,
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

type Step =
  | { readonly do: "run"; readonly input: "plain" | Job["how"] | "bad"; readonly observed: boolean }
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant("abort" as const), which: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom("worker", "caller"), which: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("microtask", "turn") }) },
) as fc.Arbitrary<Step>;

const exit: fc.Arbitrary<Step> = fc.record({ do: fc.constant("exit" as const), which: fc.nat() });

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
  for (const each of steps) {
    for (const one of transport.links) one.prompt = prompt;
    if (each.do === "run") {
      const n = runs.length;
      const input = each.input === "plain" ? n : { n, how: each.input, f: n };
      const given = each.input === "bad" ? { n, how: "value", f: () => 1 } : input;
      const controller = new AbortController();
      const options = { signal: controller.signal };
      const result = each.observed
        ? pool.submit(work, given, options).result
        : pool.run(work, given, options);
      runs.push({ outcome: result.catch((reason: unknown) => reason), controller });
      if (each.input === "bad") expected.push(expect.objectContaining({ path: "input.f" }));
      else if (each.input === "error")
        expected.push(expect.objectContaining({ message: `error ${n}` }));
      else expected.push(input);
    } else if (each.do === "abort") runs[each.which % runs.length]?.controller.abort("aborted");
    else if (each.do === "worker") link(each.which)?.stepWorker();
    else if (each.do === "caller") link(each.which)?.stepCaller();
    else if (each.do === "exit") link(each.which)?.exit({ exitCode: 7 });
    else if (each.do === "turn") await turn();
    else await Promise.resolve();
  }
  await settleDown(transport);
  expect(pool.stats()).toMatchObject({ queued: 0, running: 0 });
  const outcomes = await Promise.all(runs.map(({ outcome }) => outcome));
  const died = steps.some((each) => each.do === "exit");
  for (const [n, outcome] of outcomes.entries()) {
    const lost = died && (outcome as { code?: unknown } | undefined)?.code === "WORKER_LOST";
    if (outcome !== "aborted" && !lost) expect(outcome).toEqual(expected[n]);
  }
  expect(new Set(starts).size).toBe(starts.length);
  if (max === 1 && !died) expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  const closed = pool.close();
  await settleDown(transport);
  await closed;
}

const playAll = (steps: fc.Arbitrary<Step>, max: number, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 80 }), fc.boolean(), (each, prompt) =>
      play(each, max, prompt),
    ),
    { numRuns },
  );

it("runs each task once, in order, and settles each with what is its own, however slow the messages are", async () => {
  await playAll(step, 1, 150);
});

it("does so with several workers too", async () => {
  await playAll(step, 3, 100);
});

it("loses only what was running when workers die", async () => {
  await playAll(fc.oneof({ weight: 30, arbitrary: step }, { weight: 1, arbitrary: exit }), 2, 150);
});

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
