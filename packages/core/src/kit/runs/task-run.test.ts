import { describe, expect, it } from "vitest";
import { makePlace, stateOf } from "../../../test/place.ts";
import { defineTasks } from "../../define-tasks.ts";

const task = (input?: unknown): unknown => input;

describe("accepted", () => {
  it("resolves when the queue has the job, whenever it is asked", async () => {
    const { executor, engine } = makePlace({ maxQueue: 0 });
    const job = executor.submit(task);
    await job.accepted;
    const second = executor.submit(task);
    const early = second.accepted;
    expect(await stateOf(early)).toBe("pending");
    engine.complete();
    await early;
    await second.accepted;
    engine.fail(new Error("later"));
    await second.accepted;
    await expect(second.result).rejects.toThrow("later");
  });

  it("rejects like the result when the job never gets there, whenever it is asked", async () => {
    const { executor } = makePlace();
    await executor.close();
    const job = executor.submit(task);
    const { accepted } = job;
    const ending = await stateOf(job.result);
    expect(ending).toMatchObject({ reason: { code: "CLOSED" } });
    expect(await stateOf(accepted)).toEqual(ending);
    expect(await stateOf(job.accepted)).toEqual(ending);
  });

  it("stays resolved when the job is cancelled in the queue", async () => {
    const { executor } = makePlace();
    executor.submit(task);
    const job = executor.submit(task);
    job.cancel("enough");
    await job.accepted;
    await expect(job.result).rejects.toBe("enough");
  });
});

describe("result", () => {
  it("is one promise, also after the end", async () => {
    const { executor, engine } = makePlace();
    const job = executor.submit(task);
    const { result } = job;
    engine.complete(5);
    expect(job.result).toBe(result);
    expect(await result).toBe(5);
    const late = executor.submit(task);
    engine.complete(6);
    expect(await late.result).toBe(6);
  });
});

describe("cancel", () => {
  it("without a reason gives an AbortError", async () => {
    const { executor } = makePlace();
    const job = executor.submit(task);
    job.cancel();
    await expect(job.result).rejects.toMatchObject({ name: "AbortError" });
  });

  it.each([null, 0, false, ""])("keeps the reason %s as it is", async (reason) => {
    const { executor } = makePlace();
    const job = executor.submit(task);
    job.cancel(reason);
    job.cancel("later");
    await expect(job.result).rejects.toBe(reason);
    expect(job.state).toBe("cancelled");
  });

  it("does nothing to a job that has ended", async () => {
    const { executor, engine } = makePlace();
    const job = executor.submit(task);
    engine.complete(1);
    job.cancel();
    expect(job.state).toBe("completed");
    expect(await job.result).toBe(1);
    expect(engine.stopped).toEqual([]);
  });
});

describe("the input", () => {
  it("is let go when the function has ended, even if the job is kept", async () => {
    const { executor, engine } = makePlace();
    const submit = (): WeakRef<object> => {
      const input = { big: true };
      jobs.push(executor.submit(task, input));
      return new WeakRef(input);
    };
    const jobs: unknown[] = [];
    const input = submit();
    engine.complete();
    await stateOf(undefined);
    globalThis.gc?.();
    expect(input.deref()).toBeUndefined();
    expect(jobs).toHaveLength(1);
  });
});

describe("the name of a task", () => {
  it("is its id, the function's name, or what there is to say", async () => {
    const names: string[] = [];
    const { executor, engine } = makePlace();
    const { double } = defineTasks("math", import.meta.url, { double: (n: number) => n * 2 });
    const nameless = (
      () => () =>
        1
    )();
    const odd = Object.defineProperty(() => 1, "name", { value: () => {} });
    for (const each of [double, task, nameless, odd, "text.count", null, Symbol("s")]) {
      executor.submit(each as typeof task).result.catch(() => {});
      const run = engine.running[0];
      if (run) names.push(run.taskId);
      if (run) engine.complete();
    }
    expect(names.slice(0, 3)).toEqual(["math.double", "task", "anonymous"]);
    expect(names[3]).toBe("() => {}");
    expect(names).toHaveLength(4);
  });
});
