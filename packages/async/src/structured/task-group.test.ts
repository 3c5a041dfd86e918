import { AsyncLocalStorage } from "node:async_hooks";
import { type TasksLeakedError, isQuintetError } from "@quintet/core";
import { virtualClock } from "@quintet/core/kit";
import { describe, expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { untilAbort } from "../../test/until-abort.ts";
import type { GroupContext, GroupTask } from "./group-task.ts";
import { suppressed } from "./suppressed.ts";
import { type TaskGroup, taskGroup } from "./task-group.ts";

const never = (): Promise<never> => new Promise(() => {});
describe("waiting for all", () => {
  it("gives what its body gives, when all tasks have ended", async () => {
    const clock = virtualClock();
    const log: string[] = [];
    const group = taskGroup(
      async (tasks) => {
        tasks.spawn(async () => {
          await new Promise<void>((resolve) => void clock.after(10, resolve));
          log.push("task");
        });
        log.push("body");
        return 7;
      },
      { clock },
    ).finally(() => log.push("group"));
    await clock.advance(9);
    expect(log).toEqual(["body"]);
    await clock.advance(1);
    expect(log).toEqual(["body", "task", "group"]);
    expect(await group).toBe(7);
  });

  it("calls a task before spawn returns, with its handle registered first", async () => {
    await taskGroup((group) => {
      let names: string[] = [];
      const task = group.spawn(
        () => {
          names = group.inspect().tasks.map(({ name }) => name);
          return 1;
        },
        { name: "first" },
      );
      expect(names).toEqual(["body", "first"]);
      expect(task.state).toBe("running");
      return task.result.then((value) => {
        expect(value).toBe(1);
        expect(task.state).toBe("completed");
      });
    });
  });

  it("lets a task spawn others, also after the body has ended", async () => {
    const log: number[] = [];
    await taskGroup((group) => {
      group.spawn(async () => {
        await ticks();
        group.spawn(() => log.push(1));
      });
    });
    expect(log).toEqual([1]);
  });

  it("throws CLOSED for what is spawned, started or deferred after its end", async () => {
    let kept!: TaskGroup;
    await taskGroup((group) => void (kept = group));
    for (const call of [
      () => kept.spawn(() => 1),
      () => kept.trySpawn(() => 1),
      () => kept.start(() => 1),
      () => kept.defer(() => 1),
    ])
      expect(call).toThrow(expect.objectContaining({ code: "CLOSED" }));
    kept.cancel(); // there is nothing left to cancel
    expect(kept.cancelled).toBe(false);
  });

  it.each([
    ["a function", () => taskGroup(5 as never)],
    ["a limit", () => taskGroup(() => 1, { limit: 0 })],
    ["a timeout", () => taskGroup(() => 1, { timeout: -1 })],
    ["a parent", () => taskGroup(() => 1, { parent: {} as never })],
    ["a name", () => taskGroup((group) => group.spawn(() => 1, { name: 5 as never }))],
    ["a task's function", () => taskGroup((group) => group.spawn(null as never))],
  ])("refuses what is not %s", async (_, call) => {
    expect(await thrown(call())).toMatchObject({ code: "INVALID_OPTION" });
  });
});

describe("errors", () => {
  it("aborts the others with the error as cause, waits for them, and rejects with that very error", async () => {
    const error = new Error("two failed");
    const reasons: unknown[] = [];
    const log: string[] = [];
    const listen = (context: GroupContext): Promise<never> =>
      untilAbort(context, async () => {
        reasons.push(context.signal.reason);
        await ticks();
        log.push("cleaned up");
      });
    const outcome = thrown(
      taskGroup((group) => {
        group.spawn(listen);
        group.spawn(async () => {
          await ticks(1);
          throw error;
        });
        group.spawn(listen);
        return listen(group);
      }),
    );
    expect(await outcome.finally(() => log.push("over"))).toBe(error);
    expect(log).toEqual(["cleaned up", "cleaned up", "cleaned up", "over"]);
    for (const reason of reasons)
      expect(reason).toMatchObject({ name: "AbortError", cause: error });
    expect(reasons).toHaveLength(3);
    expect(suppressed(error)).toEqual([]);
  });

  it("takes what a task throws at once for its error", async () => {
    const error = new Error("at once");
    const states: unknown[] = [];
    const group = taskGroup((tasks) => {
      const failing = tasks.spawn(() => {
        throw error;
      });
      states.push(failing.state, tasks.cancelled);
    });
    expect(await thrown(group)).toBe(error);
    expect(states).toEqual(["failed", true]);
  });

  it("aborts the tasks when the body fails, and rejects with the body's error", async () => {
    const error = new Error("body");
    let reason: unknown;
    const group = taskGroup(async (tasks) => {
      tasks.spawn((context) => untilAbort(context, () => (reason = context.signal.reason)));
      throw error;
    });
    expect(await thrown(group)).toBe(error);
    expect(reason).toMatchObject({ cause: error });
  });

  it("attaches the other errors to the first, in order, each once", async () => {
    const [first, second, third] = ["first", "second", "third"].map((text) => new Error(text));
    const error = await thrown(
      taskGroup((group) => {
        const failing = group.spawn(async () => Promise.reject(first));
        group.spawn((context) => untilAbort(context, () => Promise.reject(second)));
        group.defer(() => Promise.reject(third));
        return failing.result; // fails with the same error
      }),
    );
    expect(error).toBe(first);
    expect(suppressed(error)).toEqual([second, third]);
  });

  it("keeps what an inner group has attached", async () => {
    const [first, second, third] = ["first", "second", "third"].map((text) => new Error(text));
    const inner = (): Promise<void> =>
      taskGroup((group) => {
        group.defer(() => Promise.reject(second));
        return Promise.reject(first);
      });
    const error = await thrown(
      taskGroup((group) => {
        group.defer(() => Promise.reject(third));
        return inner();
      }),
    );
    expect(suppressed(error)).toEqual([second, third]);
  });

  it.each([null, 0, undefined, "text", Object.freeze(new Error("frozen"))])(
    "rejects with %s itself",
    async (value) => {
      const group = taskGroup((tasks) => void tasks.spawn(() => Promise.reject(value)));
      expect(await thrown(group)).toBe(value);
      expect(suppressed(value)).toEqual([]);
    },
  );

  it("takes an AbortError for a failure where nothing was aborted", async () => {
    const error = new DOMException("The request's own time was up.", "AbortError");
    expect(await thrown(taskGroup((group) => void group.spawn(() => Promise.reject(error))))).toBe(
      error,
    );
  });

  it.each([
    ["the reason", (reason: unknown) => reason],
    ["an error caused by it", (reason: unknown) => new Error("stopped", { cause: reason })],
    ["an AbortError of its own", () => new DOMException("", "AbortError")],
    [
      "several of those",
      (reason: unknown) => new AggregateError([reason, new DOMException("", "AbortError")]),
    ],
  ])("takes %s for the abort it is", async (_, answer) => {
    const error = new Error("first");
    let task!: GroupTask<never>;
    const group = taskGroup((tasks) => {
      task = tasks.spawn((context) =>
        untilAbort(context, () => Promise.reject(answer(context.signal.reason))),
      );
      return Promise.reject(error);
    });
    expect(await thrown(group)).toBe(error);
    expect(suppressed(error)).toEqual([]);
    expect(task.state).toBe("cancelled");
    expect(await thrown(task.result)).toMatchObject({ name: "AbortError", cause: error });
  });

  it("never runs a task that is spawned during the abort", async () => {
    let hasRun = false;
    let late!: GroupTask<void>;
    const group = taskGroup((tasks) => {
      tasks.spawn((context) =>
        untilAbort(context, () => {
          late = tasks.spawn(() => void (hasRun = true));
        }),
      );
      return Promise.reject(new Error("stop"));
    });
    await thrown(group);
    expect(hasRun).toBe(false);
    expect(late.state).toBe("cancelled");
    expect(await thrown(late.result)).toMatchObject({ name: "AbortError" });
  });
});

describe("aborts", () => {
  it("rejects with the signal's reason when all have ended, and lets go of the signal", async () => {
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);
    const log: string[] = [];
    const group = taskGroup(
      (tasks) => {
        tasks.spawn((context) => untilAbort(context, () => ticks().then(() => log.push("ended"))));
        return 1;
      },
      { signal: controller.signal },
    );
    expect(listeners()).toBe(1);
    const reason = { why: "enough" };
    controller.abort(reason);
    expect(await thrown(group.finally(() => log.push("group")))).toBe(reason);
    expect(log).toEqual(["ended", "group"]);
    expect(listeners()).toBe(0);
  });

  it("does not call its body when the signal has aborted before", async () => {
    const reason = new Error("before");
    const group = taskGroup(() => expect.fail(), { signal: AbortSignal.abort(reason) });
    expect(await thrown(group)).toBe(reason);
  });

  it("rejects with an error of a task rather than with the reason of the signal", async () => {
    const controller = new AbortController();
    const error = new Error("clean-up");
    const group = taskGroup((tasks) => untilAbort(tasks, () => Promise.reject(error)), {
      signal: controller.signal,
    });
    controller.abort(new Error("outer"));
    expect(await thrown(group)).toBe(error);
  });

  it("rejects with the reason although every task has ended well meanwhile", async () => {
    const controller = new AbortController();
    const group = taskGroup(() => ticks().then(() => 1), { signal: controller.signal });
    controller.abort("late");
    expect(await thrown(group)).toBe("late");
  });

  it("ends as its body does when it cancels itself", async () => {
    const group = taskGroup(async (tasks) => {
      tasks.spawn(untilAbort);
      tasks.cancel();
      return "value";
    });
    expect(await group).toBe("value");

    const reason = new Error("own reason");
    const other = taskGroup((tasks) => {
      tasks.cancel(reason);
      return untilAbort(tasks);
    });
    expect(await thrown(other)).toBe(reason);
  });

  it("does not hide an abort from outside behind its own cancelling", async () => {
    const controller = new AbortController();
    const group = taskGroup(
      async (tasks) => {
        tasks.cancel();
        await ticks();
        return "value";
      },
      { signal: controller.signal },
    );
    controller.abort("outer");
    expect(await thrown(group)).toBe("outer");
  });

  it("cancels one task alone, which is no failure", async () => {
    const reason = new Error("this one");
    const group = taskGroup(async (tasks) => {
      const one = tasks.spawn(untilAbort);
      const other = tasks.spawn(async (context) => {
        await ticks();
        return context.cancelled;
      });
      one.cancel(reason);
      expect(await thrown(one.result)).toBe(reason);
      expect(one.state).toBe("cancelled");
      return other.result;
    });
    expect(await group).toBe(false);
  });

  it("keeps the async context of the spawner for a task that has to wait", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen = await taskGroup(
      (group) => {
        store.run("other", () => group.spawn(() => ticks()));
        return store.run("mine", () => group.spawn(() => store.getStore())).result;
      },
      { limit: 1 },
    );
    expect(seen).toBe("mine");
  });
});

describe("bounds in time", () => {
  it("aborts with TIMEOUT, waits, and rejects with that error", async () => {
    const clock = virtualClock();
    let reason: unknown;
    const group = taskGroup((tasks) => untilAbort(tasks, () => (reason = tasks.signal.reason)), {
      timeout: 100,
      clock,
      name: "import",
    });
    const outcome = thrown(group);
    await clock.advance(99);
    expect(reason).toBeUndefined();
    await clock.advance(1);
    expect(await outcome).toBe(reason);
    expect(reason).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("import") });
    expect(clock.pending).toBe(0);
  });

  it("takes the earlier of timeout and deadline, and of its parent's", async () => {
    const clock = virtualClock(1_000);
    await taskGroup(
      async (outer) => {
        expect(outer.deadline).toBe(1_050);
        await taskGroup(
          async (inner) => {
            expect(inner.deadline).toBe(1_050);
            await taskGroup((innermost) => expect(innermost.deadline).toBe(1_010), {
              parent: inner,
              deadline: new Date(1_010),
            });
          },
          { parent: outer, timeout: 80 },
        );
      },
      { deadline: 1_070, timeout: 50, clock },
    );
    expect(clock.pending).toBe(0);
  });

  it("fails the inner group alone when its own deadline comes first", async () => {
    const clock = virtualClock();
    const group = taskGroup(
      async (outer) => {
        const inner = taskGroup(untilAbort, { parent: outer, timeout: 10 });
        expect(await thrown(inner)).toMatchObject({ code: "TIMEOUT" });
        expect(outer.cancelled).toBe(false);
        return "went on";
      },
      { timeout: 20, clock },
    );
    await clock.advance(10);
    expect(await group).toBe("went on");
  });

  it("lets the outer deadline end both, with one and the same error", async () => {
    const clock = virtualClock();
    let inner: unknown;
    const group = taskGroup(
      async (outer) => {
        await taskGroup(untilAbort, { parent: outer, timeout: 20 }).catch((error: unknown) => {
          inner = error;
          throw error;
        });
      },
      { timeout: 10, clock },
    );
    const outcome = thrown(group);
    await clock.advance(10);
    expect(await outcome).toMatchObject({ code: "TIMEOUT" });
    expect(inner).toBe(await outcome);
  });

  it("does not call its body after the deadline", async () => {
    const group = taskGroup(() => expect.fail(), { deadline: 1_000, clock: virtualClock(1_000) });
    expect(await thrown(group)).toMatchObject({ code: "TIMEOUT" });
  });

  it("rejects with the caller's reason where both the caller and the deadline have aborted", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const { signal } = controller;
    const group = taskGroup(
      (tasks) =>
        untilAbort(tasks, () => new Promise<void>((resolve) => void clock.after(10, resolve))),
      { timeout: 5, signal, clock },
    );
    const outcome = thrown(group);
    await clock.advance(6);
    controller.abort("caller");
    await clock.advance(10);
    expect(await outcome).toBe("caller");
  });
});

describe("deaf tasks", () => {
  it("names them after `grace`, rejects with why they were aborted, and settles their results", async () => {
    const clock = virtualClock();
    const error = new Error("first");
    let deaf!: GroupTask<unknown>;
    const group = taskGroup(
      (tasks) => {
        deaf = tasks.spawn(never, { name: "deaf" });
        tasks.spawn(untilAbort, { name: "listens" });
        tasks.spawn(() => Promise.reject(error));
      },
      { clock, grace: 50, name: "import" },
    );
    const outcome = thrown(group);
    await clock.advance(49);
    expect(deaf.state).toBe("running");
    await clock.advance(1);
    const leak = (await outcome) as TasksLeakedError;
    expect(isQuintetError(leak, "TASKS_LEAKED")).toBe(true);
    expect(leak.tasks).toEqual(["deaf"]);
    expect(leak.message).toContain('"deaf" of import');
    expect(leak.cause).toBe(error);
    expect(await thrown(deaf.result)).toBe(leak);
  });

  it("does not care how a task ends that it has given up", async () => {
    const clock = virtualClock();
    const { promise, reject } = Promise.withResolvers<never>();
    const group = taskGroup((tasks) => void tasks.spawn(() => promise), {
      clock,
      grace: 0,
      timeout: 1,
    });
    const outcome = thrown(group);
    await clock.advance(1);
    expect(await outcome).toMatchObject({ code: "TASKS_LEAKED", cause: { code: "TIMEOUT" } });
    reject(new Error("at last"));
    await ticks();
  });

  it("calls what was deferred although a task leaked", async () => {
    const clock = virtualClock();
    let isClosed = false;
    const group = taskGroup(
      (tasks) => {
        tasks.defer(() => void (isClosed = true));
        tasks.spawn(never);
        tasks.cancel();
      },
      { clock, grace: 1 },
    );
    const outcome = thrown(group);
    await clock.advance(1);
    await outcome;
    expect(isClosed).toBe(true);
  });

  it("is news to the group around, not just its abort", async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const outer = taskGroup(
      (group) => void group.spawn((context) => taskGroup(never, { parent: context, grace: 5 })),
      { clock, signal: controller.signal },
    );
    const outcome = thrown(outer);
    controller.abort("enough");
    await clock.advance(5);
    expect(await outcome).toMatchObject({ code: "TASKS_LEAKED", tasks: ["body"], cause: "enough" });
  });

  it("waits for ever without `grace`, and names what it waits for in inspect()", async () => {
    const clock = virtualClock();
    const { promise, resolve } = Promise.withResolvers<void>();
    let state: unknown;
    let kept!: TaskGroup;
    const group = taskGroup(
      (tasks) => {
        kept = tasks;
        tasks.spawn(() => promise, { name: "slow" });
        return 1;
      },
      { clock },
    ).then((value) => (state = value));
    kept.cancel();
    await clock.advance(1e12);
    expect(state).toBeUndefined();
    expect(kept.inspect().tasks).toMatchObject([{ name: "slow", cancelled: true }]);
    resolve();
    await group;
    expect(state).toBe(1);
  });
});

describe("a supervisor", () => {
  it("is told of each error and stops no other task", async () => {
    const told: unknown[] = [];
    const error = new Error("one failed");
    const group = taskGroup(
      async (tasks) => {
        const failing = tasks.spawn(() => Promise.reject(error), { name: "failing" });
        const other = tasks.spawn(() => ticks().then(() => "other"));
        expect(await thrown(failing.result)).toBe(error);
        return other.result;
      },
      { supervise: (reason, { name, state }) => told.push([reason, name, state]) },
    );
    expect(await group).toBe("other");
    expect(told).toEqual([[error, "failing", "failed"]]);
  });

  it("stops them by throwing", async () => {
    const fatal = new Error("fatal");
    const group = taskGroup(
      (tasks) => {
        tasks.spawn(untilAbort);
        tasks.spawn(() => Promise.reject(new Error("one failed")));
      },
      {
        supervise: () => {
          throw fatal;
        },
      },
    );
    expect(await thrown(group)).toBe(fatal);
  });

  it("fails when its body does", async () => {
    const error = new Error("body");
    const group = taskGroup(() => Promise.reject(error), { supervise: () => expect.fail() });
    expect(await thrown(group)).toBe(error);
  });
});

describe("limit", () => {
  it("is never exceeded, and those that wait start in order", async () => {
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await taskGroup(
      (group) => {
        for (let index = 0; index < 50; index++) {
          group.spawn(async () => {
            most = Math.max(most, ++running);
            order.push(index);
            await ticks(index % 7);
            running--;
          });
        }
        expect(running).toBe(3);
        expect(group.inspect().tasks.filter(({ state }) => state === "waiting")).toHaveLength(47);
      },
      { limit: 3 },
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it("makes trySpawn give nothing while it is reached", async () => {
    await taskGroup(
      async (group) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const first = group.trySpawn(() => promise);
        expect(group.trySpawn(() => expect.fail())).toBeUndefined();
        resolve();
        await first?.result;
        expect(await group.trySpawn(() => 2)?.result).toBe(2);
      },
      { limit: 1 },
    );
  });

  it("withdraws a waiting task without calling it, and passes its turn on", async () => {
    await taskGroup(
      async (group) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        group.spawn(() => promise);
        const second = group.spawn(() => expect.fail());
        const third = group.spawn(() => 3);
        second.cancel("not now");
        expect(await thrown(second.result)).toBe("not now");
        resolve();
        expect(await third.result).toBe(3);
      },
      { limit: 1 },
    );
  });

  it("withdraws all that wait when a task fails", async () => {
    const error = new Error("first");
    const group = taskGroup(
      (tasks) => {
        tasks.spawn(() => Promise.reject(error));
        for (let index = 0; index < 10; index++) tasks.spawn(() => expect.fail());
      },
      { limit: 1 },
    );
    expect(await thrown(group)).toBe(error);
    expect(suppressed(error)).toEqual([]);
  });

  it("goes through any number of tasks that throw at once", async () => {
    let count = 0;
    await taskGroup(
      async (group) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        group.spawn(() => promise);
        for (let index = 0; index < 10_000; index++) {
          group.spawn(() => {
            throw new Error("at once");
          });
        }
        resolve();
      },
      { limit: 1, supervise: () => count++ },
    );
    expect(count).toBe(10_000);
  });
});

describe("start", () => {
  it("gives what the task says when it is ready, and goes on", async () => {
    let reason: unknown;
    await taskGroup(async (group) => {
      const port = await group.start<number>((ready, context) => {
        ready(8080);
        return untilAbort(context, () => (reason = context.signal.reason));
      });
      expect(port).toBe(8080);
      expect(group.inspect().tasks).toHaveLength(2);
      group.cancel("done");
    });
    expect(reason).toBe("done");
  });

  it("rejects when the task fails before, which is no failure of the group", async () => {
    const error = new Error("no port");
    await taskGroup(async (group) => {
      expect(await thrown(group.start(() => Promise.reject(error)))).toBe(error);
      expect(group.cancelled).toBe(false);
    });
  });

  it("fails the group when the task fails afterwards", async () => {
    const error = new Error("lost");
    const group = taskGroup(async (tasks) => {
      await tasks.start<void>(async (ready) => {
        ready();
        await ticks();
        throw error;
      });
      return untilAbort(tasks);
    });
    expect(await thrown(group)).toBe(error);
  });

  it("says that a task has ended without being ready", async () => {
    await taskGroup(async (group) => {
      const start = group.start(() => {}, { name: "server" });
      expect(await thrown(start)).toMatchObject({
        code: "INVALID_OPTION",
        message: expect.stringContaining("server"),
      });
    });
  });

  it("rejects with the reason when the group is aborted before", async () => {
    const controller = new AbortController();
    const group = taskGroup((tasks) => tasks.start((_, context) => untilAbort(context)), {
      signal: controller.signal,
    });
    controller.abort("enough");
    expect(await thrown(group)).toBe("enough");
  });
});

describe("defer", () => {
  it("calls the last first, after all tasks, and all although one throws", async () => {
    const log: number[] = [];
    const error = new Error("two");
    const group = taskGroup((tasks) => {
      tasks.defer(() => log.push(1));
      tasks.defer(async () => {
        await ticks();
        log.push(2);
        throw error;
      });
      tasks.defer(() => log.push(3));
      tasks.spawn(() => ticks().then(() => log.push(0)));
      return "lost";
    });
    expect(await thrown(group)).toBe(error);
    expect(log).toEqual([0, 3, 2, 1]);
  });
});

describe("groups within", () => {
  it("are aborted with the task that is their parent", async () => {
    const group = taskGroup(async (outer) => {
      let inner!: Promise<unknown>;
      const task = outer.spawn((context) => (inner = taskGroup(untilAbort, { parent: context })));
      task.cancel("this one");
      expect(await thrown(inner)).toBe("this one");
      expect(task.state).toBe("cancelled");
      return "fine";
    });
    expect(await group).toBe("fine");
  });

  it("are waited for although nobody awaits them", async () => {
    const log: string[] = [];
    await taskGroup((outer) => {
      outer.spawn((context) => {
        void taskGroup(() => ticks(50).then(() => log.push("inner")), { parent: context });
      });
    });
    expect(log).toEqual(["inner"]);
  });

  it("are aborted with the outer group although the task they were in has ended", async () => {
    const controller = new AbortController();
    let inner!: Promise<unknown>;
    const group = taskGroup(
      (outer) => {
        outer.spawn((context) => {
          inner = thrown(taskGroup(untilAbort, { parent: context }));
        });
      },
      { signal: controller.signal },
    );
    const outcome = thrown(group);
    await ticks();
    controller.abort("all");
    expect(await inner).toBe("all");
    expect(await outcome).toBe("all");
  });

  it("do not begin in a parent that has ended or is aborted", async () => {
    let group!: TaskGroup;
    let task!: GroupContext;
    await taskGroup((outer) => {
      group = outer;
      outer.spawn((context) => void (task = context));
    });
    for (const parent of [group, task]) {
      const inner = taskGroup(() => expect.fail(), { parent });
      expect(await thrown(inner)).toMatchObject({ code: "CLOSED" });
    }
    const outer = taskGroup(async (tasks) => {
      tasks.cancel("over");
      await taskGroup(() => expect.fail(), { parent: tasks });
    });
    expect(await thrown(outer)).toBe("over");
  });

  it("show in inspect() where they belong", async () => {
    const clock = virtualClock(500);
    await taskGroup(
      async (outer) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        const settings = { limit: 1, name: "inner", timeout: 20 };
        outer.spawn(
          (context) =>
            taskGroup(
              (inner) => {
                inner.spawn(() => promise, { name: "first" });
                inner.spawn(() => promise, { name: "second" });
              },
              { ...settings, parent: context },
            ),
          { name: "task" },
        );
        const direct = taskGroup(() => promise, { parent: outer, name: "direct" });
        await ticks();
        const since = new Date(500);
        const cancelled = false;
        const kind = "task group";
        expect(outer.inspect()).toEqual({
          kind,
          name: "outer",
          cancelled,
          deadline: Infinity,
          limit: Infinity,
          tasks: [
            { name: "body", state: "running", cancelled, since, groups: [] },
            {
              name: "task",
              state: "running",
              cancelled,
              since,
              groups: [
                {
                  kind,
                  name: "inner",
                  cancelled,
                  deadline: 520,
                  limit: 1,
                  tasks: [
                    { name: "first", state: "running", cancelled, since, groups: [] },
                    { name: "second", state: "waiting", cancelled, since, groups: [] },
                  ],
                  groups: [],
                },
              ],
            },
          ],
          groups: [
            {
              kind,
              name: "direct",
              cancelled,
              deadline: Infinity,
              limit: Infinity,
              tasks: [{ name: "body", state: "running", cancelled, since, groups: [] }],
              groups: [],
            },
          ],
        });
        resolve();
        await direct;
      },
      { name: "outer", clock },
    );
  });
});
