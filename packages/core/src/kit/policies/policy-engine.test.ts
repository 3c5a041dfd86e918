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
import { ClosedError, NotSupportedError, QueueFullError } from "../../errors.ts";
import type { Executor, LocalExecutor } from "../../executor.ts";
import { compose, type Policy } from "../../policy.ts";
import { withPolicies } from "../../with-policies.ts";
import { policyExecutor } from "./policy-executor.ts";
import { onTrace } from "../runs/trace.ts";

const task = (input?: unknown): unknown => input;

function* items(): Generator<unknown, unknown> {
  yield 1;
  return "result";
}

const reason = { why: "enough" };

const pass: Policy = (next) => next;

/** Tries again at once, as often as it may. */
const retry =
  (attempts: number): Policy =>
  (next) =>
  async (input, call) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await next(input, { ...call, attempt: call.attempt + attempt });
      } catch (error) {
        if (attempt + 1 >= attempts || call.signal.aborted) throw error;
      }
    }
  };

/** Waits for ever, before or instead of the task, and does not listen. */
const deaf: Policy = () => () => new Promise(() => {});

interface Wrapped extends Place {
  readonly inner: LocalExecutor;
}

function wrap(policy: Policy, options?: Parameters<typeof makePlace>[0]): Wrapped {
  const place = makePlace(options);
  return { ...place, inner: place.executor, executor: withPolicies(place.executor, policy) };
}

describe("an executor under a policy", () => {
  it("has the name, the traits and the counts of the one inside", () => {
    const { executor, inner } = wrap(pass);
    expect(executor.name).toBe(inner.name);
    expect(executor.traits).toEqual(inner.traits);
    void executor.run(task);
    expect(executor.stats()).toEqual(inner.stats());
    expect(executor.stats()).toMatchObject({ running: 1, workers: 3 });
  });

  it("hands on what concerns one attempt, and holds signal and deadline itself", async () => {
    const { executor, engine, clock } = wrap(pass);
    const { signal } = new AbortController();
    const options = { timeout: 5, priority: 2, transfer: [], retries: 3, attempt: 2 };
    const job = executor.submit(task, 1, { ...options, signal, deadline: today + 10 });
    const [run] = engine.running;
    expect(run?.options).toMatchObject(options);
    expect(run?.options.signal).not.toBe(signal);
    expect(run?.options.deadline).toBeUndefined();
    expect(clock.pending).toBe(2); // the deadline, and the timeout inside
    engine.complete("done");
    expect(await job.result).toBe("done");
    expect([listeners(signal), clock.pending]).toEqual([0, 0]);
  });

  it("gives the task the id of the job, in each attempt", async () => {
    const { executor, engine } = wrap(retry(2));
    const job = executor.submit(task);
    const ids = [engine.running[0]?.id];
    engine.fail(reason);
    await turn();
    ids.push(engine.running[0]?.id);
    expect(ids).toEqual([job.id, job.id]);
    engine.complete();
    await job.result;
  });

  it("counts attempts up, and traces each once", async () => {
    const { executor, engine } = wrap(retry(3));
    let result: Promise<unknown> | undefined;
    const attempts: unknown[] = [];
    const steps = await traced(async () => {
      result = executor.run(task, undefined, {});
      for (const ending of ["fail", "fail", "complete"] as const) {
        attempts.push(engine.running[0]?.attempt);
        engine[ending](reason);
        await turn();
      }
    });
    expect(await result).toBe(reason);
    expect(attempts).toEqual([1, 2, 3]);
    expect(steps.join(" ")).toBe(
      "queued started settled:failed queued started settled:failed queued started settled:completed",
    );
    expect(executor.stats()).toMatchObject({ completed: 1, failed: 2, cancelled: 0 });
  });

  it("tells the progress of every attempt", async () => {
    const { executor, engine } = wrap(retry(2));
    const heard: unknown[] = [];
    const job = executor.submit(task, 0, { onProgress: (value) => heard.push(value) });
    for (const value of [1, 2]) {
      const [run] = engine.running;
      if (run) engine.host.progress(run, value);
      engine.fail(reason);
      await turn();
    }
    expect(heard).toEqual([1, 2]);
    expect(job.progress).toBe(2);
  });

  it("lets a policy answer by itself, whose job counts as accepted", async () => {
    const remembered: Policy = () => async () => "remembered" as never;
    const { executor, engine } = wrap(remembered);
    const job = executor.submit(task);
    await job.accepted;
    expect(await job.result).toBe("remembered");
    expect(job.state).toBe("completed");
    expect(await executor.map(task, [1]).toArray()).toEqual(["remembered"]);
    expect(engine.running).toEqual([]);
    await executor.close();
  });

  it("rejects with what a policy throws, also where it should reject", async () => {
    const refuse: Policy = () => () => {
      throw reason;
    };
    const { executor } = wrap(refuse);
    const job = executor.submit(task);
    expect(await stateOf(job.accepted)).toEqual({ reason });
    expect(await stateOf(job.result)).toEqual({ reason });
    expect(await stateOf(executor.stream(items).next())).toEqual({ reason });
  });

  it("tells policies which task is called, but not for a stream, whose items have one reader", async () => {
    const targets: unknown[] = [];
    const watching: Policy = (next) => (input, call) => {
      targets.push(call.target);
      return next(input, call);
    };
    const { executor } = wrap(watching, { immediate: true });
    await executor.run(task);
    await executor.submit(task).result;
    await executor.map(task, [1]).toArray();
    await executor.stream(items).next();
    expect(targets).toEqual([task, task, task, undefined]);
  });

  it("tells policies that a stream cannot be made again once it has yielded", async () => {
    const spent: unknown[] = [];
    const watching: Policy = (next) => async (input, call) => {
      spent.push(call.isSpent?.());
      const output = await next(input, call);
      spent.push(call.isSpent?.());
      return output;
    };
    const { executor, engine } = wrap(watching);
    const stream = executor.stream(items);
    const first = stream.next();
    engine.running[0]?.items?.push("a");
    await first;
    engine.complete("result");
    await stream.next();
    const result = executor.run(task);
    engine.complete();
    await result;
    expect(spent).toEqual([false, true, undefined, undefined]);
  });

  it("puts policies one inside the other, the first outermost", async () => {
    const log: string[] = [];
    const named =
      (name: string): Policy =>
      (next) =>
      async (input, call) => {
        log.push(`${name} in`);
        const output = await next(input, call);
        log.push(`${name} out`);
        return output;
      };
    const { executor, engine } = wrap(compose(named("a"), named("b")));
    const result = executor.run(task);
    engine.complete();
    await result;
    expect(log).toEqual(["a in", "b in", "b out", "a out"]);
  });

  it("can be wrapped again", async () => {
    const { executor, engine } = wrap(retry(2));
    const outer = withPolicies(withPolicies(executor, pass), retry(2));
    const result = outer.run(task);
    for (let attempt = 0; attempt < 3; attempt++) {
      engine.fail(reason);
      await turn();
    }
    engine.complete("the fourth");
    expect(await result).toBe("the fourth");
  });

  it("maps and settles item by item", async () => {
    const { executor } = wrap(retry(3), { immediate: true });
    const seen = new Map<number, number>();
    const flaky = (input: number): number => {
      seen.set(input, (seen.get(input) ?? 0) + 1);
      if (seen.get(input) === 1) throw reason;
      return input * 2;
    };
    expect(await executor.map(flaky, [1, 2, 3]).toArray()).toEqual([2, 4, 6]);
    const fail = (_input: number): never => {
      throw reason;
    };
    expect(await executor.map(fail, [1], { settle: true }).toArray()).toEqual([
      { status: "rejected", index: 0, reason },
    ]);
  });
});

describe("an abort", () => {
  it.each(["run", "submit"] as const)(
    "of %s during a policy's own wait rejects at once, though the policy is deaf",
    async (method) => {
      const { executor, clock } = wrap(deaf);
      const controller = new AbortController();
      const { signal } = controller;
      const options = { signal, deadline: today + 1e6 };
      const result =
        method === "run"
          ? executor.run(task, 1, options)
          : executor.submit(task, 1, options).result;
      await turn();
      controller.abort(reason);
      await expect(result).rejects.toBe(reason);
      expect([listeners(signal), clock.pending]).toEqual([0, 0]);
      await executor.close();
    },
  );

  it("of a stream during a policy's own wait rejects at once", async () => {
    const { executor } = wrap(deaf);
    const controller = new AbortController();
    const { signal } = controller;
    const next = executor.stream(items, undefined, { signal }).next();
    controller.abort(0);
    await expect(next).rejects.toBe(0);
    expect(listeners(signal)).toBe(0);
  });

  it("reaches the task, and the run counts until its function has ended", async () => {
    const { executor, engine } = wrap(retry(5));
    const controller = new AbortController();
    const result = executor.run(task, undefined, { signal: controller.signal });
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(engine.stopped.map((each) => each.reason)).toEqual([reason]);
    const closed = executor.close();
    expect(await stateOf(closed)).toBe("pending");
    engine.fail(reason);
    await closed;
    expect(executor.stats()).toMatchObject({ running: 0, cancelled: 1 });
  });

  it("is seen by a policy through the signal of its call", async () => {
    const seen: unknown[] = [];
    const watching: Policy = (next) => (input, call) => {
      call.signal.addEventListener("abort", () => seen.push(call.signal.reason));
      return next(input, call);
    };
    const { executor } = wrap(watching);
    const job = executor.submit(task);
    job.cancel(reason);
    await expect(job.result).rejects.toBe(reason);
    expect(seen).toEqual([reason]);
  });

  it("before the start calls no policy", async () => {
    let calls = 0;
    const counting: Policy = (next) => (input, call) => {
      calls++;
      return next(input, call);
    };
    const { executor } = wrap(counting);
    const signal = AbortSignal.abort(null);
    await expect(executor.run(task, undefined, { signal })).rejects.toBe(null);
    expect(calls).toBe(0);
  });

  it("of a run that failed meanwhile leaves nothing unhandled", async () => {
    const { executor, engine } = wrap(retry(2));
    const job = executor.submit(task);
    engine.fail(reason);
    job.cancel("later");
    await expect(job.result).rejects.toBe("later");
    await turn();
    expect(executor.stats()).toMatchObject({ failed: 1, running: 0 });
  });
});

describe("a full executor inside", () => {
  it("lets submitted jobs wait: accepted and state tell of its queue", async () => {
    const { executor, engine } = wrap(pass, { maxQueue: 1 });
    const jobs = [1, 2, 3].map((input) => executor.submit(task, input));
    await turn();
    expect(jobs.map(({ state }) => state)).toEqual(["running", "queued", "waiting"]);
    const accepted = jobs[2]?.accepted;
    expect(await stateOf(accepted)).toBe("pending");
    engine.complete("first");
    await accepted;
    await turn();
    expect(jobs.map(({ state }) => state)).toEqual(["completed", "running", "queued"]);
    engine.complete();
    engine.complete();
    expect(await jobs[0]?.result).toBe("first");
  });

  it("refuses run, which a policy may try again", async () => {
    const { executor, engine } = wrap(pass, { maxQueue: 0 });
    const first = executor.run(task);
    await expect(executor.run(task)).rejects.toBeInstanceOf(QueueFullError);
    engine.complete();
    await first;
  });

  it("lets go of a job that is cancelled while it waits there", async () => {
    const { executor, inner, engine } = wrap(retry(9), { maxQueue: 0 });
    executor.submit(task);
    const job = executor.submit(task);
    const { accepted } = job;
    job.cancel(reason);
    expect(await stateOf(accepted)).toEqual({ reason });
    expect(await stateOf(job.result)).toEqual({ reason });
    expect(inner.stats()).toMatchObject({ waiting: 0, running: 1 });
    expect(engine.queued).toEqual([]);
  });
});

describe("a stream under a policy", () => {
  const push = ({ engine }: Place, item: unknown): void => engine.running[0]?.items?.push(item);

  it("gives items and result", async () => {
    const place = wrap(pass);
    const stream = place.executor.stream(items);
    const first = stream.next();
    push(place, "a");
    place.engine.complete("result");
    expect(await first).toEqual({ done: false, value: "a" });
    expect(await stream.next()).toEqual({ done: true, value: "result" });
  });

  it("is tried again before its first item", async () => {
    const place = wrap(retry(2));
    const stream = place.executor.stream(items);
    const first = stream.next();
    place.engine.fail(reason);
    await turn();
    push(place, "from the second");
    expect(await first).toMatchObject({ value: "from the second" });
  });

  it("is not tried again after its first item: further attempts get its error", async () => {
    let attempts = 0;
    const counting: Policy = (next) => (input, call) => {
      attempts++;
      return next(input, call);
    };
    const place = wrap(compose(retry(3), counting));
    const stream = place.executor.stream(items);
    const first = stream.next();
    push(place, "a");
    await first;
    place.engine.fail(reason);
    await expect(stream.next()).rejects.toBe(reason);
    expect(attempts).toBe(3);
    expect(place.inner.stats()).toMatchObject({ failed: 1, completed: 0, running: 0 });
  });

  it("hears one of several attempts side by side, and ends the others", async () => {
    const hedge: Policy = (next) => (input, call) =>
      Promise.any([next(input, call), next(input, { ...call, attempt: 2 })]);
    const place = wrap(hedge, { slots: 2 });
    const { engine } = place;
    const stream = place.executor.stream(items);
    const first = stream.next();
    const [a, b] = [...engine.running];
    b?.items?.push("from b");
    expect(await first).toMatchObject({ value: "from b" });
    const second = stream.next();
    a?.items?.push("from a");
    await turn();
    expect(engine.stopped.map(({ run }) => run.attempt)).toEqual([1]);
    b?.items?.push("b again");
    expect(await second).toMatchObject({ value: "b again" });
    engine.complete("a");
    engine.complete("b");
    expect(await stream.next()).toEqual({ done: true, value: "b" });
  });

  it("lets the producer no further ahead than its window", async () => {
    const place = wrap(pass);
    const stream = place.executor.stream(items, undefined, { window: 4 });
    const first = stream.next();
    for (let item = 0; item < 5; item++) push(place, item);
    await first;
    await turn();
    expect(place.engine.granted).toEqual([]);
    expect(await stream.next()).toMatchObject({ value: 1 });
    expect(place.engine.granted).toEqual([2]);
  });

  it("that is left waits for the producer inside, and tells what its finally throws", async () => {
    const place = wrap(retry(5));
    const stream = place.executor.stream(items);
    const first = stream.next();
    push(place, "a");
    await first;
    const left = stream.return(undefined);
    expect(await stateOf(left)).toBe("pending");
    place.engine.fail("worse");
    await expect(left).rejects.toBe("worse");
    await place.executor.close();
  });
});

describe("closing an executor under a policy", () => {
  it("finishes what runs, attempts that are still to come included, then closes the one inside", async () => {
    const { executor, inner, engine } = wrap(retry(2));
    const result = executor.run(task);
    const closed = executor.close();
    await expect(executor.run(task)).rejects.toBeInstanceOf(ClosedError);
    engine.fail(reason);
    await turn();
    expect(engine.shutdowns).toEqual([]);
    engine.complete("the second");
    expect(await result).toBe("the second");
    await closed;
    expect(engine.shutdowns).toEqual([false]);
    await expect(inner.run(task)).rejects.toBeInstanceOf(ClosedError);
  });

  it("refuses what waits for room inside, at once", async () => {
    const { executor, engine } = wrap(pass, { maxQueue: 0 });
    const running = executor.submit(task);
    const waiting = executor.submit(task);
    await turn();
    const closed = executor.close();
    await expect(waiting.result).rejects.toBeInstanceOf(ClosedError);
    await expect(waiting.accepted).rejects.toBeInstanceOf(ClosedError);
    engine.complete("done");
    expect(await running.result).toBe("done");
    await closed;
  });

  it("with cancel aborts everything inside, whoever gave it", async () => {
    const { executor, inner, engine } = wrap(retry(9), { slots: 2 });
    const results = [executor.run(task), inner.run(task)].map((result) => stateOf(result));
    const closed = executor.close({ cancel: true });
    for (const state of results) expect(await state).toMatchObject({ reason: { code: "CLOSED" } });
    engine.fail(reason);
    engine.fail(reason);
    await closed;
  });

  it("with a deadline does not wait for a deaf task or a deaf policy", async () => {
    for (const [policy, shutdowns] of [
      [pass, [true, false]],
      [deaf, [false]],
    ] as const) {
      const { executor, engine, clock } = wrap(policy);
      const result = executor.run(task);
      result.catch(() => {});
      const closed = stateOf(executor.close({ deadline: 100 }), clock.advance(100));
      expect(await closed).toEqual({ value: undefined });
      expect(await stateOf(result)).toMatchObject({ reason: { code: "CLOSED" } });
      expect(engine.shutdowns).toEqual(shutdowns);
      expect(clock.pending).toBe(0);
    }
  });

  it("leaves its runs to fail when the one inside was closed", async () => {
    const { executor, inner } = wrap(retry(2));
    await inner.close();
    await expect(executor.run(task)).rejects.toBeInstanceOf(ClosedError);
    await expect(executor.ready()).rejects.toBeInstanceOf(ClosedError);
    await executor.close();
  });
});

describe("an executor that is no TaskExecutor", () => {
  /** All that the contract asks for, by hand. */
  function stranger(): { executor: Executor; calls: string[] } {
    const calls: string[] = [];
    const { executor: real } = makePlace({ immediate: true });
    const tell = (name: keyof Executor & string): [string, unknown] => {
      const call = (real[name] as (...rest: unknown[]) => unknown).bind(real);
      const told = (...rest: unknown[]): unknown => {
        calls.push(name);
        return call(...rest);
      };
      return [name, told];
    };
    const methods = ["run", "submit", "map", "stream", "stats", "ready", "close"] as const;
    const executor = {
      name: "stranger",
      traits: real.traits,
      ...Object.fromEntries(methods.map(tell)),
    };
    return { executor: executor as Executor, calls };
  }

  it("is refused by withPolicies with the way to do it", () => {
    const { executor } = stranger();
    expect(() => withPolicies(executor, pass)).toThrow(NotSupportedError);
    expect(() => withPolicies(executor, pass)).toThrow("policyExecutor() of @quintet/core/kit");
  });

  it("is wrapped by policyExecutor", async () => {
    const { executor, calls } = stranger();
    const wrapped = policyExecutor(executor, retry(2)) as LocalExecutor;
    let tries = 0;
    const flaky = (): string => {
      if (++tries === 1) throw reason;
      return "done";
    };
    expect(await wrapped.run(flaky)).toBe("done");
    expect(await wrapped.submit(task, 5).result).toBe(5);
    await wrapped.ready();
    await wrapped.close();
    expect(calls).toEqual(["run", "run", "submit", "ready", "close"]);
  });
});

describe("the trace", () => {
  it("shows what is refused outside, which the one inside never sees", async () => {
    const { executor } = wrap(pass);
    await executor.close();
    const steps = await traced(async () => {
      await executor.run(task).catch(() => {});
      const signal = AbortSignal.abort();
      await executor.run(task, undefined, { signal }).catch(() => {});
    });
    expect(steps).toEqual(["settled:failed", "settled:failed"]);
  });

  it("shows one executor, not two", async () => {
    const { executor, engine } = wrap(pass);
    const seen: string[] = [];
    const stop = onTrace(({ executor: name, type }) => seen.push(`${name} ${type}`));
    const result = executor.run(task);
    engine.complete();
    await result;
    stop();
    expect(seen).toEqual(["fake queued", "fake started", "fake settled"]);
  });
});
