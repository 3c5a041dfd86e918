import { virtualClock } from "@quintet/core/kit";
import { describe, expect, expectTypeOf, it } from "vitest";
import { ticks } from "../../test/turns.ts";
import { thrown } from "../../test/thrown.ts";
import { untilAbort } from "../../test/until-abort.ts";
import { sleep } from "../bridges/sleep.ts";
import { gather } from "./gather.ts";
import { suppressed } from "./suppressed.ts";

it("gives the results in the order of the functions, with their types", async () => {
  const results = await gather([() => ticks(5).then(() => 1), () => "two", async () => true]);
  expect(results).toEqual([1, "two", true]);
  expectTypeOf(results).toEqualTypeOf<[number, string, boolean]>();
});

it("gives nothing for nothing", async () => {
  expect(await gather([])).toEqual([]);
});

it("aborts the others at the first error, waits for them and rejects with that error", async () => {
  const [first, second] = [new Error("first"), new Error("second")];
  let hasEnded = false;
  const error = await thrown(
    gather([
      (context) => untilAbort(context, () => ticks().then(() => void (hasEnded = true))),
      () => Promise.reject(first),
      (context) => untilAbort(context, () => Promise.reject(second)),
    ]),
  );
  expect(error).toBe(first);
  expect(suppressed(error)).toEqual([second]);
  expect(hasEnded).toBe(true);
});

describe("settle", () => {
  it("gives the outcome of each", async () => {
    const reason = new Error("no");
    const outcomes = await gather([() => Promise.reject(reason), async () => 2], { settle: true });
    expect(outcomes).toEqual([
      { status: "rejected", index: 0, reason },
      { status: "fulfilled", index: 1, value: 2 },
    ]);
  });

  it("still rejects when the whole is aborted", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const all = gather([untilAbort, () => 1], { settle: true, signal });
    controller.abort("enough");
    expect(await thrown(all)).toBe("enough");
  });
});

it("keeps to the limit and the deadline of a group", async () => {
  const clock = virtualClock();
  let running = 0;
  let most = 0;
  const call = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
    most = Math.max(most, ++running);
    await sleep(10, { clock, signal }).finally(() => running--);
  };
  const all = gather([call, call, call, call, call], { limit: 2, timeout: 25, clock });
  const outcome = thrown(all);
  await clock.advance(25);
  expect(await outcome).toMatchObject({ code: "TIMEOUT" });
  expect(most).toBe(2);
  expect(running).toBe(0);
  expect(clock.pending).toBe(0);
});

it("says that a promise is no function", async () => {
  expect(await thrown(gather([Promise.resolve(1) as never]))).toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("the one at 0 is a promise"),
  });
  expect(await thrown(gather(5 as never))).toMatchObject({ code: "INVALID_OPTION" });
  expect(await thrown(gather([() => 1], { setle: true } as never))).toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("setle"),
  });
});
