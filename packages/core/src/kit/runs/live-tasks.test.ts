import { describe, expect, it } from "vitest";
import { makePlace, today } from "../../../test/place.ts";
import { withPolicies } from "../../with-policies.ts";

function work(): void {}

const quiet = (results: readonly Promise<unknown>[]): void => {
  for (const result of results) result.catch(() => {});
};

describe("the list of live tasks", () => {
  it("has what runs first, the longest before the others, then the queue and those who wait", async () => {
    const { executor, engine, clock } = makePlace({ slots: 2, maxQueue: 2 });
    const first = executor.submit(work);
    await clock.advance(10);
    const second = executor.submit(work, undefined, { attempt: 3, id: "my own" });
    await clock.advance(10);
    const later = executor.submit(work);
    const urgent = executor.submit(work, undefined, { priority: 1 });
    await clock.advance(10);
    const waiting = executor.submit(work);
    await clock.advance(1_000);
    const task = { task: "work", cancelled: false, attempt: 1 };
    expect(executor.tasks()).toEqual([
      { ...task, id: first.id, state: "running", since: new Date(today), worker: "lane 1" },
      {
        ...task,
        id: "my own",
        state: "running",
        attempt: 3,
        since: new Date(today + 10),
        worker: "lane 1",
      },
      { ...task, id: urgent.id, state: "queued", since: new Date(today + 20) },
      { ...task, id: later.id, state: "queued", since: new Date(today + 20) },
      { ...task, id: waiting.id, state: "waiting", since: new Date(today + 30) },
    ]);
    engine.complete();
    engine.complete();
    const states = executor.tasks().map(({ id, state, since }) => [id, state, since.getTime()]);
    const now = today + 1_030;
    expect(states).toEqual([
      [later.id, "running", now],
      [urgent.id, "running", now],
      [waiting.id, "queued", now],
    ]);
    expect(second.state).toBe("completed");
  });

  it("shows a cancelled task until its function has ended, since when it runs", async () => {
    const { executor, engine, clock } = makePlace();
    const [stuck, behind] = [executor.submit(work), executor.submit(work)];
    const gone = executor.submit(work);
    quiet([stuck.result, gone.result]);
    await clock.advance(5);
    stuck.cancel();
    gone.cancel();
    expect(executor.tasks()).toMatchObject([
      { id: stuck.id, state: "running", cancelled: true, since: new Date(today) },
      { id: behind.id, state: "queued", cancelled: false, since: new Date(today) },
    ]);
    engine.complete();
    expect(executor.tasks().map(({ id }) => id)).toEqual([behind.id]);
  });

  it("says since when a task is queued again, and that it waited all the time if it had not started", async () => {
    const { executor, engine, clock } = makePlace();
    const run = executor.submit(work);
    await clock.advance(7);
    engine.requeue("retried");
    expect(executor.tasks()).toMatchObject([{ id: run.id, since: new Date(today + 7) }]);
    engine.queued.push(...engine.running.splice(0));
    const [again] = engine.queued;
    again!.started = false;
    await clock.advance(7);
    engine.host.requeued(again!, "moved");
    expect(executor.tasks()).toMatchObject([{ state: "queued", since: new Date(today + 7) }]);
  });

  it("is that of the executor inside, for one under a policy", () => {
    const { executor } = makePlace();
    const wrapped = withPolicies(executor, (next) => next);
    const job = wrapped.submit(work);
    const [entry] = wrapped.tasks();
    expect(entry).toMatchObject({ id: job.id, state: "running", worker: "lane 1" });
    expect(executor.tasks()).toEqual([entry]);
  });

  it("is a snapshot", () => {
    const { executor, engine } = makePlace();
    executor.submit(work);
    const before = executor.tasks();
    engine.complete();
    expect(before).toHaveLength(1);
    expect(executor.tasks()).toEqual([]);
  });
});
