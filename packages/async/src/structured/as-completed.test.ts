import { expect, it } from "vitest";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { untilAbort } from "../../test/until-abort.ts";
import { asCompleted } from "./as-completed.ts";

const after =
  <Value>(count: number, value: Value) =>
  (): Promise<Value> =>
    ticks(count).then(() => value);

it("yields results in the order in which they come", async () => {
  const seen: number[] = [];
  for await (const value of asCompleted([after(30, 3), after(1, 1), after(15, 2)]))
    seen.push(value);
  expect(seen).toEqual([1, 2, 3]);
});

it("starts nothing before the first next(), nor when it is left before", async () => {
  let hasStarted = false;
  const results = asCompleted([() => (hasStarted = true)]);
  await ticks();
  expect(hasStarted).toBe(false);
  expect(await results.return(undefined)).toEqual({ done: true, value: undefined });
  expect(await results.next()).toEqual({ done: true, value: undefined });
  expect(hasStarted).toBe(false);
});

it("throws the first error after the results before it, once, when the others have ended", async () => {
  const error = new Error("second");
  let hasEnded = false;
  const results = asCompleted([
    after(1, "first"),
    () => ticks(5).then(() => Promise.reject(error)),
    (context) => untilAbort(context, () => ticks().then(() => void (hasEnded = true))),
  ]);
  expect(await results.next()).toEqual({ done: false, value: "first" });
  expect(await thrown(results.next())).toBe(error);
  expect(hasEnded).toBe(true);
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

it("yields outcomes with `settle`", async () => {
  const reason = new Error("no");
  const seen: unknown[] = [];
  const calls = [after(9, "yes"), () => Promise.reject(reason)];
  for await (const outcome of asCompleted(calls, { settle: true })) seen.push(outcome);
  expect(seen).toEqual([
    { status: "rejected", index: 1, reason },
    { status: "fulfilled", index: 0, value: "yes" },
  ]);
});

it("aborts what runs when the loop is left, and waits for it", async () => {
  let hasEnded = false;
  for await (const value of asCompleted([
    after(1, 1),
    (context) => untilAbort(context, () => ticks().then(() => void (hasEnded = true))),
  ])) {
    expect(value).toBe(1);
    break;
  }
  expect(hasEnded).toBe(true);
});

it("lets return() end a next() that is pending", async () => {
  const results = asCompleted([untilAbort]);
  const pending = results.next();
  await results.return(undefined);
  expect(await pending).toEqual({ done: true, value: undefined });
});

it("lets an error of what is aborted reach whoever leaves", async () => {
  const error = new Error("could not close");
  const results = asCompleted([
    after(1, 1),
    (context) => untilAbort(context, () => Promise.reject(error)),
  ]);
  await results.next();
  expect(await thrown(results.return(undefined))).toBe(error);
});

it("rejects with the reason when it is aborted, and with what is wrong with a call", async () => {
  const controller = new AbortController();
  const results = asCompleted([untilAbort], { signal: controller.signal });
  const outcome = thrown(results.next());
  controller.abort("enough");
  expect(await outcome).toBe("enough");
  expect(await thrown(asCompleted([5 as never]).next())).toMatchObject({ code: "INVALID_OPTION" });
});
