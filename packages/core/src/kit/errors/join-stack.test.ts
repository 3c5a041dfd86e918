import { expect, it } from "vitest";
import { makePlace } from "../../../test/place.ts";
import { TimeoutError } from "../../errors.ts";
import { decodeThrown, encodeThrown } from "./error-codec.ts";
import { joinStack, markForeign } from "./join-stack.ts";

/** Rejects like a worker's reply: later, and from nobody's stack. */
function rejection(error: unknown): Promise<unknown> {
  const later = new Promise((_resolve, reject) => setImmediate(reject, error));
  return later.then(undefined, joinStack);
}

async function innerCaller(error: unknown): Promise<unknown> {
  return await rejection(error);
}

async function outerCaller(error: unknown): Promise<unknown> {
  return await innerCaller(error);
}

/** What an error looks like that was thrown elsewhere. */
function foreign(): Error {
  const error = new Error("failed");
  error.stack = "Error: failed\n    at task (work.tasks.ts:1:1)\n    at thread 3";
  markForeign(error);
  return error;
}

const stackAfter = async (error: unknown): Promise<string> => {
  try {
    await outerCaller(error);
  } catch {
    // It is the one we made.
  }
  return (error as Error).stack ?? "";
};

it("puts the functions that wait below the stack of an error from elsewhere", async () => {
  const error = foreign();
  const before = error.stack;
  const stack = await stackAfter(error);
  expect(stack.startsWith(`${before}\n`)).toBe(true);
  const names = ["innerCaller", "outerCaller"].map((name) => stack.indexOf(name));
  expect(names[0]).toBeGreaterThan(before?.length ?? 0);
  expect(names[1]).toBeGreaterThan(names[0] as number);
  expect(Object.keys(error)).toEqual([]);
});

it("does so for an error of Quintet's own, which is made far from the caller", async () => {
  expect(await stackAfter(new TimeoutError("late"))).toContain("outerCaller");
});

it("does so for what decodeThrown gives with a place", async () => {
  const encoded = encodeThrown(new RangeError("failed"), () => true);
  const stack = await stackAfter(decodeThrown(encoded, "thread 3"));
  expect(stack.indexOf("outerCaller")).toBeGreaterThan(stack.indexOf("at thread 3"));
});

it("names each caller once, however often the error passes", async () => {
  const error = foreign();
  await stackAfter(error);
  const stack = await stackAfter(error);
  expect(stack.split("innerCaller")).toHaveLength(2);
});

it("leaves an error that was thrown here as it is", async () => {
  const error = new Error("mine");
  const before = error.stack;
  expect(await stackAfter(error)).toBe(before);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["text", "text"],
  ["a frozen error", Object.freeze(new TimeoutError("late"))],
  ["an error without a stack", Object.assign(new TimeoutError("late"), { stack: 5 })],
  [
    "a proxy whose traps throw",
    new Proxy(new Error("proxy"), {
      getPrototypeOf: () => {
        throw new Error("trap");
      },
    }),
  ],
])("passes on %s as it came", async (_, thrown) => {
  const caught = await rejection(thrown).then(
    () => "resolved",
    (error: unknown) => ({ error }),
  );
  expect((caught as { error: unknown }).error).toBe(thrown);
});

it("names who called run, submit, map and stream", async () => {
  const { executor, engine } = makePlace({ slots: 9 });
  async function businessCaller(promise: Promise<unknown>): Promise<unknown> {
    return await promise;
  }
  function* task(): Generator<number, void> {
    yield 1;
  }
  const calls: Record<string, () => Promise<unknown>> = {
    run: () => executor.run(task),
    submit: () => executor.submit(task).result,
    map: () => executor.map(task, [undefined]).toArray(),
    stream: () => executor.stream(task).next(),
  };
  const named: string[] = [];
  for (const [method, call] of Object.entries(calls)) {
    const error = new TimeoutError("late");
    const waiting = businessCaller(call()).catch(() => {});
    engine.fail(error);
    await waiting;
    if (error.stack?.includes("businessCaller")) named.push(method);
  }
  expect(named).toEqual(Object.keys(calls));
});
