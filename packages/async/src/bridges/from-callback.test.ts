import { expect, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { type Callback, fromCallback } from "./from-callback.ts";

it("gives the result, or rejects with the error, of the first call", async () => {
  const twice = fromCallback<number>((callback) => {
    callback(null, 1);
    callback(new Error("again"));
  });
  expect(await twice).toBe(1);
  const error = new Error("no");
  expect(await thrown(fromCallback((callback) => queueMicrotask(() => callback(error))))).toBe(
    error,
  );
});

it("rejects with what the function throws, and refuses what is none", async () => {
  const error = new Error("at once");
  const failing = fromCallback(() => {
    throw error;
  });
  expect(await thrown(failing)).toBe(error);
  expect(await thrown(fromCallback(() => Promise.reject(error)))).toBe(error);
  expect(await thrown(fromCallback(5 as never))).toMatchObject({ code: "INVALID_OPTION" });
});

it("ends the work when it is aborted, waits for that, and rejects with the reason", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const log: string[] = [];
  const end = (): Promise<unknown> => ticks().then(() => log.push("ended"));
  const result = thrown(fromCallback(() => end, { signal: controller.signal }));
  expect(listeners()).toBe(1);
  controller.abort(null);
  expect(await result.finally(() => log.push("rejected"))).toBe(null);
  expect(log).toEqual(["ended", "rejected"]);
  expect(listeners()).toBe(0);
});

it("rejects with the reason although the end calls back, at once or later", async () => {
  for (const delay of [0, 5]) {
    const controller = new AbortController();
    const result = fromCallback(
      (callback) => async () => {
        if (delay > 0) await ticks(delay);
        callback(new Error("socket hang up"));
        await ticks();
      },
      { signal: controller.signal },
    );
    const outcome = thrown(result);
    controller.abort("enough");
    expect(await outcome).toBe("enough");
  }
});

it("rejects with the error of a failing end, sync or not", async () => {
  const error = new Error("cannot end");
  for (const end of [
    () => Promise.reject(error),
    () => {
      throw error;
    },
  ]) {
    const controller = new AbortController();
    const result = thrown(fromCallback(() => end, { signal: controller.signal }));
    controller.abort("enough");
    expect(await result).toBe(error);
  }
});

it("settles although the function aborts the signal itself", async () => {
  const controller = new AbortController();
  let hasEnded = false;
  const result = fromCallback(
    () => {
      controller.abort("from within");
      return () => void (hasEnded = true);
    },
    { signal: controller.signal },
  );
  expect(await thrown(result)).toBe("from within");
  expect(hasEnded).toBe(true);
});

it("does not call the function after the abort, and ignores the callback after it", async () => {
  const signal = AbortSignal.abort("before");
  expect(await thrown(fromCallback(() => expect.fail(), { signal }))).toBe("before");

  const controller = new AbortController();
  let kept!: Callback<void>;
  const result = thrown(
    fromCallback((callback) => void (kept = callback), { signal: controller.signal }),
  );
  controller.abort("enough");
  expect(await result).toBe("enough");
  kept(new Error("late"));
});

it("shares one listener among all waits on a signal", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const waits = Array.from({ length: 1_000 }, () =>
    thrown(fromCallback(() => {}, { signal: controller.signal })),
  );
  expect(listeners()).toBe(1);
  controller.abort("enough");
  expect(new Set(await Promise.all(waits))).toEqual(new Set(["enough"]));
  expect(listeners()).toBe(0);
});
