import { expect, it } from "vitest";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { untilAbort } from "../../test/until-abort.ts";
import { any } from "./any.ts";

it("passes over errors and gives the first success, when the others have ended", async () => {
  const log: string[] = [];
  const winner = await any([
    () => Promise.reject(new Error("down")),
    (context) => untilAbort(context, () => ticks().then(() => log.push("loser"))),
    () => ticks(3).then(() => "second"),
  ]);
  log.push("any");
  expect(winner).toBe("second");
  expect(log).toEqual(["loser", "any"]);
});

it("does not care for what a loser fails with", async () => {
  const failing = (context: { readonly signal: AbortSignal }): Promise<never> =>
    untilAbort(context, () => Promise.reject(new Error("closing")));
  expect(await any([failing, async () => 1])).toBe(1);
});

it("rejects with all errors in the order of the functions when none succeeds", async () => {
  const [one, two] = [new Error("one"), new Error("two")];
  const error = await thrown(
    any([() => ticks().then(() => Promise.reject(one)), () => Promise.reject(two)]),
  );
  expect(error).toBeInstanceOf(AggregateError);
  expect((error as AggregateError).errors).toEqual([one, two]);
  expect(await thrown(any([]))).toBeInstanceOf(AggregateError);
});

it("rejects with the reason when it is aborted", async () => {
  const controller = new AbortController();
  const outcome = thrown(any([untilAbort, untilAbort], { signal: controller.signal }));
  controller.abort("enough");
  expect(await outcome).toBe("enough");
});

it("rejects with an error rather than with the reason of the abort", async () => {
  const controller = new AbortController();
  const error = new Error("closing");
  const outcome = thrown(
    any([(context) => untilAbort(context, () => Promise.reject(error))], {
      signal: controller.signal,
    }),
  );
  controller.abort("enough");
  expect(await outcome).toBe(error);
});
