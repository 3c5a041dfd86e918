import { describe, expect, it } from "vitest";
import { makePlace } from "../../../test/place.ts";
import { withPolicies } from "../../with-policies.ts";

const task = (): void => {};

describe("the statistics", () => {
  it("measure from acceptance to the start, and from there to the end of the function", async () => {
    const { executor, engine, clock } = makePlace({ maxQueue: 1 });
    const jobs = [executor.submit(task), executor.submit(task), executor.submit(task)];
    await clock.advance(40);
    engine.complete();
    // The third was accepted just now.
    await clock.advance(60);
    engine.fail("whatever");
    engine.complete();
    await Promise.allSettled(jobs.map(({ result }) => result));
    const { wait, run } = executor.stats();
    expect(wait).toMatchObject({ count: 3, max: 60, mean: 100 / 3 });
    expect(run).toMatchObject({ count: 3, max: 60, mean: 100 / 3 });
  });

  it("measure what was cancelled until its function has ended, and not at all what never started", async () => {
    const { executor, engine, clock } = makePlace();
    const jobs = [executor.submit(task), executor.submit(task)];
    await clock.advance(5);
    for (const job of jobs) job.cancel();
    await Promise.allSettled(jobs.map(({ result }) => result));
    expect(executor.stats().run.count).toBe(0);
    await clock.advance(5);
    engine.complete();
    const { wait, run } = executor.stats();
    expect(wait).toMatchObject({ count: 1, max: 0 });
    expect(run).toMatchObject({ count: 1, max: 10 });
  });

  it("count each start of a task that lost its worker, and the run that ended", async () => {
    const { executor, engine, clock } = makePlace();
    const job = executor.submit(task);
    await clock.advance(30);
    engine.requeue("retried");
    await clock.advance(10);
    engine.complete();
    await job.result;
    const { wait, run } = executor.stats();
    expect(wait).toMatchObject({ count: 2, max: 0 });
    expect(run).toMatchObject({ count: 1, max: 10 });
  });

  it("believe an engine that knows better", () => {
    const { executor, engine, clock } = makePlace();
    void executor.run(task);
    const run = engine.running.shift()!;
    engine.host.finished(run, { ok: true, value: 1 }, 123);
    expect(clock.now()).toBe(0);
    expect(executor.stats().run).toMatchObject({ count: 1, max: 123 });
  });

  it("are those of the executor inside, for one under a policy", async () => {
    const { executor } = makePlace({ immediate: true });
    const wrapped = withPolicies(executor, (next) => next);
    await wrapped.run(task);
    expect(wrapped.stats()).toEqual(executor.stats());
    expect(wrapped.stats().run.count).toBe(1);
  });
});
