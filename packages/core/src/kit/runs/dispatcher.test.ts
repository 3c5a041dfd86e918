import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import {
  listeners,
  makePlace,
  type Place,
  stateOf,
  today,
  traced,
  turn,
} from "../../../test/place.ts";
import { ClosedError, InvalidOptionError, QueueFullError, TimeoutError } from "../../errors.ts";
import type { LocalExecutor } from "../../executor.ts";
import type { RunOptions } from "../../run-options.ts";
import { TaskExecutor } from "./task-executor.ts";
import { onTrace } from "./trace.ts";

const task = (input?: unknown): unknown => input;

const failed = new Error("failed");
const reason = { why: "enough" };

/** A run's whole life: what is done to it, and what must be seen of it. */
interface Fate {
  readonly play: (place: Place, controller: AbortController) => unknown;
  readonly options?: RunOptions;
  readonly trace: string;
  readonly ending: { readonly value: unknown } | { readonly reason: unknown };
  readonly counts: { completed: number } | { failed: number } | { cancelled: number };
}

const fates: Record<string, Fate> = {
  "that completes": {
    play: ({ engine }) => engine.complete(0),
    trace: "queued started settled:completed",
    ending: { value: 0 },
    counts: { completed: 1 },
  },
  "that fails": {
    play: ({ engine }) => engine.fail(failed),
    trace: "queued started settled:failed",
    ending: { reason: failed },
    counts: { failed: 1 },
  },
  "that is aborted while it runs": {
    play({ engine }, controller) {
      controller.abort(reason);
      engine.fail(failed);
    },
    trace: "queued started aborted settled:cancelled",
    ending: { reason },
    counts: { cancelled: 1 },
  },
  "that is aborted while it runs, and completes all the same": {
    play({ engine }, controller) {
      controller.abort(reason);
      engine.complete();
    },
    trace: "queued started aborted settled:cancelled",
    ending: { reason },
    counts: { cancelled: 1 },
  },
  "that is aborted after it completed": {
    play({ engine }, controller) {
      engine.complete(1);
      controller.abort(reason);
    },
    trace: "queued started settled:completed",
    ending: { value: 1 },
    counts: { completed: 1 },
  },
  "that passes its timeout": {
    async play({ engine, clock }) {
      await clock.advance(50);
      engine.fail(failed);
    },
    options: { timeout: 50 },
    trace: "queued started aborted settled:cancelled",
    ending: { reason: new TimeoutError("task ran longer than its timeout of 50 ms.") },
    counts: { cancelled: 1 },
  },
  "that is done within its timeout": {
    async play({ engine, clock }) {
      await clock.advance(49);
      engine.complete(1);
      await clock.advance(1000);
    },
    options: { timeout: 50 },
    trace: "queued started settled:completed",
    ending: { value: 1 },
    counts: { completed: 1 },
  },
  "that passes its deadline": {
    async play({ engine, clock }) {
      await clock.advance(50);
      engine.fail(failed);
    },
    options: { deadline: new Date(today + 50) },
    trace: "queued started aborted settled:cancelled",
    ending: {
      reason: new TimeoutError("task was not done by its deadline, 2026-01-01T00:00:00.050Z."),
    },
    counts: { cancelled: 1 },
  },
  "whose deadline had passed before": {
    play: () => {},
    options: { deadline: today },
    trace: "aborted settled:cancelled",
    ending: {
      reason: new TimeoutError("task was not done by its deadline, 2026-01-01T00:00:00.000Z."),
    },
    counts: { cancelled: 1 },
  },
  "whose worker is lost once": {
    play({ engine }) {
      engine.requeue("retried");
      engine.complete(2);
    },
    trace: "queued started retried started settled:completed",
    ending: { value: 2 },
    counts: { completed: 1 },
  },
  "that is moved": {
    play({ engine }) {
      engine.requeue("moved");
      engine.complete(2);
    },
    trace: "queued started moved started settled:completed",
    ending: { value: 2 },
    counts: { completed: 1 },
  },
};

describe.each(Object.entries(fates))("a run %s", (_, fate) => {
  it("settles once, is counted once, tells each step and leaves nothing behind", async () => {
    const place = makePlace();
    const controller = new AbortController();
    const { signal } = controller;
    let result: Promise<unknown> | undefined;
    const steps = await traced(async () => {
      result = place.executor.run(task, undefined, { signal, ...fate.options });
      result.catch(() => {});
      await fate.play(place, controller);
    });
    expect(await stateOf(result)).toEqual(fate.ending);
    expect(steps.join(" ")).toBe(fate.trace);
    const { wait: _wait, run: _run, ...counts } = place.executor.stats();
    expect(counts).toEqual({
      waiting: 0,
      queued: 0,
      running: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      workers: 3,
      restarts: 0,
      ...fate.counts,
    });
    expect(listeners(signal)).toBe(0);
    expect(place.clock.pending).toBe(0);
    expect(await stateOf(place.executor.close())).toEqual({ value: undefined });
  });
});

describe("a run that waits in the queue", () => {
  it.each([
    ["its signal aborts", { deadline: undefined }, "aborted"],
    ["its deadline passes", { deadline: today + 10 }, undefined],
  ])("leaves it when %s, and never starts", async (_, options, abort) => {
    const { executor, engine, clock } = makePlace();
    const controller = new AbortController();
    const { signal } = controller;
    const first = executor.run(task);
    const ran: string[] = [];
    const steps = await traced(async () => {
      const second = executor.run(() => ran.push("second"), undefined, { signal, ...options });
      second.catch(() => {});
      expect(executor.stats()).toMatchObject({ queued: 1, running: 1 });
      if (abort) controller.abort(abort);
      else await clock.advance(10);
      expect(await stateOf(second)).toMatchObject(
        abort ? { reason: abort } : { reason: { code: "TIMEOUT" } },
      );
    });
    expect(steps).toEqual(["queued", "aborted", "settled:cancelled"]);
    expect(engine.queued).toEqual([]);
    expect(engine.stopped).toEqual([]);
    expect(executor.stats()).toMatchObject({ queued: 0, running: 1, cancelled: 1 });
    engine.complete();
    await first;
    expect(ran).toEqual([]);
    expect(listeners(signal)).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("does not spend its timeout there", async () => {
    const { executor, engine, clock } = makePlace();
    const first = executor.run(task);
    const second = executor.run(task, undefined, { timeout: 10 });
    await clock.advance(1000);
    engine.complete();
    await first;
    await clock.advance(9);
    engine.complete("in time");
    expect(await second).toBe("in time");
  });

  it("gets its whole timeout again after its worker was lost", async () => {
    const { executor, engine, clock } = makePlace();
    const result = executor.run(task, undefined, { timeout: 10 });
    await clock.advance(9);
    engine.requeue("retried");
    await clock.advance(9);
    engine.complete("in time");
    expect(await result).toBe("in time");
    expect(clock.pending).toBe(0);
  });

  it("takes deadlines beyond the calendar for what they are, or refuses them", async () => {
    const { executor, engine, clock } = makePlace();
    const never = executor.run(task, undefined, { deadline: Infinity });
    expect(clock.pending).toBe(0);
    engine.complete("done");
    expect(await never).toBe("done");
    for (const deadline of [-Infinity, 1e300, -1e300, Number.NaN, new Date(Number.NaN)]) {
      await expect(executor.run(task, undefined, { deadline })).rejects.toThrow(
        "deadline must be a valid Date",
      );
    }
  });
});

describe("a run that is refused", () => {
  const refusals: Record<
    string,
    readonly [(executor: LocalExecutor) => Promise<unknown>, new (...args: never) => Error]
  > = {
    "because the queue is full": [(executor) => executor.run(task), QueueFullError],
    "because the executor is closed": [
      (executor) => {
        void executor.close();
        return executor.run(task);
      },
      ClosedError,
    ],
    "because of an option": [
      (executor) => executor.run(task, undefined, { timeout: -1 }),
      InvalidOptionError,
    ],
    "because it is no task": [
      (executor) => executor.run("text.count" as unknown as () => void),
      InvalidOptionError,
    ],
    "because it is not even a thing with a name": [
      (executor) => executor.run(Object.create(null) as () => void),
      InvalidOptionError,
    ],
  };

  it.each(Object.keys(refusals))(
    "%s rejects, is a failure, and is told as settled",
    async (name) => {
      const [refused, kind] = refusals[name] as (typeof refusals)[string];
      const { executor, engine } = makePlace({ maxQueue: 0 });
      const running = executor.run(task);
      let result: Promise<unknown> = running;
      const steps = await traced(() => {
        result = refused(executor);
      });
      await expect(result).rejects.toBeInstanceOf(kind);
      expect(steps).toEqual(["settled:failed"]);
      expect(executor.stats()).toMatchObject({ queued: 0, running: 1, failed: 1 });
      engine.complete();
      await running;
    },
  );

  it("because its signal had aborted rejects with the reason, and nothing is sent", async () => {
    const { executor, engine } = makePlace();
    const signal = AbortSignal.abort(0);
    await expect(executor.run(task, undefined, { signal })).rejects.toBe(0);
    expect(engine.queued).toEqual([]);
    expect(executor.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 1 });
    expect(listeners(signal)).toBe(0);
  });
});

describe("a full queue", () => {
  it("lets submitted runs wait, by priority, and admits one for each that leaves it", async () => {
    const { executor, engine } = makePlace({ maxQueue: 1 });
    const jobs = [0, 0, 0, 5, 0].map((priority, index) =>
      executor.submit(task, index, { priority }),
    );
    const states = (): string => jobs.map(({ state }) => state).join(" ");
    expect(states()).toBe("running queued waiting waiting waiting");
    expect(executor.stats()).toMatchObject({ waiting: 3, queued: 1, running: 1 });
    engine.complete();
    expect(states()).toBe("completed running waiting queued waiting");
    engine.complete();
    expect(states()).toBe("completed completed queued running waiting");
    engine.complete();
    engine.complete();
    engine.complete();
    expect(states()).toBe("completed completed completed completed completed");
    expect(executor.stats()).toMatchObject({ waiting: 0, queued: 0, running: 0, completed: 5 });
  });

  it("lets nobody pass those who wait", async () => {
    const { executor, engine } = makePlace({ maxQueue: 0 });
    const first = executor.submit(task, 1);
    const second = executor.submit(task, 2);
    engine.complete();
    expect([first.state, second.state]).toEqual(["completed", "running"]);
    const third = executor.submit(task, 3);
    await expect(executor.run(task, 4)).rejects.toBeInstanceOf(QueueFullError);
    expect(third.state).toBe("waiting");
  });

  it("lets go of one that is aborted while it waits, with accepted and result rejected", async () => {
    const { executor, clock } = makePlace({ maxQueue: 0 });
    const controller = new AbortController();
    const { signal } = controller;
    executor.submit(task);
    const steps = await traced(async () => {
      const job = executor.submit(task, 1, { signal, deadline: today + 1000, timeout: 5 });
      const { accepted } = job;
      expect(await stateOf(accepted)).toBe("pending");
      controller.abort(reason);
      expect(await stateOf(accepted)).toEqual({ reason });
      expect(await stateOf(job.result)).toEqual({ reason });
      expect(job.state).toBe("cancelled");
    });
    expect(steps).toEqual(["aborted", "settled:cancelled"]);
    expect(executor.stats()).toMatchObject({ waiting: 0, queued: 0, running: 1, cancelled: 1 });
    expect([listeners(signal), clock.pending]).toEqual([0, 0]);
  });

  it("admits the next one when a queued one is aborted", async () => {
    const { executor } = makePlace({ maxQueue: 1 });
    const [, queued, waiting] = [1, 2, 3].map((input) => executor.submit(task, input));
    queued?.result.catch(() => {});
    queued?.cancel();
    expect([queued?.state, waiting?.state]).toEqual(["cancelled", "queued"]);
    await waiting?.accepted;
  });

  it("keeps the async context of who submitted", async () => {
    const user = new AsyncLocalStorage<string>();
    const { engine, executor: busy } = makePlace({ maxQueue: 0 });
    const first = busy.submit(task);
    const seen = user.run("alice", () => {
      let store: string | undefined;
      const stop = onTrace(({ type }) => {
        if (type === "queued") store = user.getStore();
      });
      const job = busy.submit(task);
      return { job, stop, store: () => store };
    });
    user.run("somebody else", () => engine.complete());
    await first.result;
    expect(seen.job.state).toBe("running");
    expect(seen.store()).toBe("alice");
    seen.stop();
  });

  it("admits 100,000 that end at once, without a stack that grows", async () => {
    const { executor, engine } = makePlace({ maxQueue: 0 });
    executor.submit(task);
    for (let index = 0; index < 100_000; index++) executor.submit(task);
    const enqueue = engine.enqueue.bind(engine);
    engine.enqueue = (run) => {
      enqueue(run);
      engine.complete();
    };
    engine.complete();
    expect(executor.stats()).toMatchObject({ waiting: 0, running: 0, completed: 100_001 });
  });
});

describe("who is called back on the way may abort", () => {
  it("a listener to the trace, before the engine has the run", async () => {
    const { executor, engine } = makePlace();
    const controller = new AbortController();
    const stop = onTrace(({ type }) => {
      if (type === "queued") controller.abort(reason);
    });
    const result = executor.run(task, undefined, { signal: controller.signal });
    stop();
    await expect(result).rejects.toBe(reason);
    expect(engine.queued).toEqual([]);
    expect(executor.stats()).toMatchObject({ queued: 0, running: 0, cancelled: 1 });
  });

  it("a listener to the trace, when the run starts", async () => {
    const { executor, engine, clock } = makePlace();
    const controller = new AbortController();
    const stop = onTrace(({ type }) => {
      if (type === "started") controller.abort(reason);
    });
    const { signal } = controller;
    const result = executor.run(task, undefined, { signal, timeout: 10 });
    stop();
    await expect(result).rejects.toBe(reason);
    expect(engine.stopped.map((each) => each.reason)).toEqual([reason]);
    expect(clock.pending).toBe(0);
    engine.complete();
    expect(executor.stats()).toMatchObject({ running: 0, cancelled: 1 });
  });

  it("the same run once more, while its engine withdraws it", async () => {
    const { executor, engine } = makePlace();
    executor.submit(task);
    const job = executor.submit(task);
    engine.onWithdraw = () => job.cancel("again");
    job.cancel("first");
    await expect(job.result).rejects.toBe("first");
    expect(executor.stats()).toMatchObject({ queued: 0, running: 1, cancelled: 1 });
  });

  it("the run whose progress it gets, by throwing", async () => {
    const { executor, engine } = makePlace();
    const onProgress = (): never => {
      throw failed;
    };
    const result = executor.run(task, undefined, { onProgress });
    const [run] = engine.running;
    if (run) engine.host.progress(run, 1);
    await expect(result).rejects.toBe(failed);
    expect(engine.stopped).toHaveLength(1);
  });
});

describe("progress", () => {
  it("is kept as the latest value and told, until the run is settled", async () => {
    const { executor, engine } = makePlace();
    const heard: unknown[] = [];
    const steps = await traced(() => {
      const job = executor.submit(task, 1, { onProgress: (value) => heard.push(value) });
      expect(job.progress).toBeUndefined();
      const [run] = engine.running;
      if (!run) throw new Error("it should run");
      engine.host.progress(run, 1);
      engine.host.progress(run, undefined);
      engine.host.progress(run, 2);
      expect(job.progress).toBe(2);
      engine.complete();
      engine.host.progress(run, 3);
      expect(job.progress).toBe(2);
    });
    expect(heard).toEqual([1, undefined, 2]);
    expect(steps.filter((type) => type === "progress")).toHaveLength(3);
  });
});

describe("ids", () => {
  it("are never used twice, also not by two executors of one name", async () => {
    const ids = [makePlace(), makePlace()].flatMap(({ executor }) => [
      executor.submit(task).id,
      executor.submit(task).id,
    ]);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^fake#\d+$/);
  });
});

describe("closing", () => {
  it("takes nothing new, refuses who waits for room, and finishes what was accepted", async () => {
    const { executor, engine } = makePlace({ maxQueue: 1 });
    const [running, queued, waiting] = [1, 2, 3].map((input) => executor.submit(task, input));
    const closed = executor.close();
    await expect(waiting?.result).rejects.toBeInstanceOf(ClosedError);
    await expect(waiting?.accepted).rejects.toBeInstanceOf(ClosedError);
    await expect(executor.run(task)).rejects.toBeInstanceOf(ClosedError);
    await expect(executor.ready()).rejects.toBeInstanceOf(ClosedError);
    expect(await stateOf(closed)).toBe("pending");
    engine.complete("first");
    engine.complete("second");
    await closed;
    expect([await running?.result, await queued?.result]).toEqual(["first", "second"]);
    expect(engine.shutdowns).toEqual([false]);
  });

  it("with cancel aborts everything with a ClosedError, and waits until the functions have ended", async () => {
    const { executor, engine } = makePlace({ maxQueue: 1 });
    const jobs = [1, 2, 3].map((input) => executor.submit(task, input));
    const results = jobs.map((job) => stateOf(job.result));
    const closed = executor.close({ cancel: true });
    for (const state of await Promise.all(results)) {
      expect(state).toMatchObject({ reason: { code: "CLOSED" } });
    }
    expect(engine.stopped).toHaveLength(1);
    expect(await stateOf(closed)).toBe("pending");
    engine.fail(failed);
    await closed;
    expect(executor.stats()).toMatchObject({ waiting: 0, queued: 0, running: 0, cancelled: 3 });
  });

  it("with a deadline aborts what is left then, and does not wait for a function that is deaf", async () => {
    const { executor, engine, clock } = makePlace();
    const job = executor.submit(task);
    const closed = executor.close({ deadline: 100 });
    await clock.advance(99);
    expect(job.state).toBe("running");
    expect(await stateOf(closed)).toBe("pending");
    await clock.advance(1);
    await closed;
    await expect(job.result).rejects.toBeInstanceOf(ClosedError);
    expect(engine.shutdowns).toEqual([true, false]);
    expect(clock.pending).toBe(0);
  });

  it("leaves no timer when it is done before its deadline", async () => {
    const { executor, engine, clock } = makePlace();
    executor.submit(task);
    const closed = executor.close({ deadline: 100 });
    engine.complete();
    await closed;
    expect(clock.pending).toBe(0);
  });

  it("may be told more by a second call, and says the same to all", async () => {
    const { executor, engine } = makePlace();
    const job = executor.submit(task);
    const first = executor.close();
    const second = executor.close({ cancel: true });
    await expect(job.result).rejects.toBeInstanceOf(ClosedError);
    engine.fail(failed);
    await Promise.all([first, second, executor.close(), executor[Symbol.asyncDispose]()]);
    expect(engine.shutdowns).toEqual([false]);
  });

  it("rejects with what the engine says, and nothing is left unhandled", async () => {
    const { executor, engine, clock } = makePlace();
    engine.shutdown = async () => {
      throw failed;
    };
    executor.submit(task);
    const closed = stateOf(executor.close({ deadline: 10 }), clock.advance(10));
    expect(await closed).toEqual({ reason: failed });
  });

  it("refuses options it does not know", async () => {
    const { executor } = makePlace();
    await expect(executor.close({ force: true } as object)).rejects.toBeInstanceOf(
      InvalidOptionError,
    );
    await expect(executor.close({ deadline: -1 })).rejects.toBeInstanceOf(InvalidOptionError);
    expect(await stateOf(executor.run(task))).toBe("pending");
  });
});

describe("nothing", () => {
  it("is published when nobody listens", async () => {
    const { engine, clock } = makePlace();
    let looks = 0;
    const counting = { ...clock, now: () => looks++ };
    const executor = new TaskExecutor({ name: "silent", engine, clock: counting });
    const result = executor.run(task as never);
    engine.complete();
    await result;
    // When it is accepted, when it starts and when it ends, for the statistics.
    expect(looks).toBe(3);
  });

  it("is unhandled when a job's result is never asked for", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", listener);
    const { executor, engine } = makePlace({ maxQueue: 0 });
    executor.submit(task);
    executor.submit(task).cancel();
    engine.fail(failed);
    await turn();
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });
});
