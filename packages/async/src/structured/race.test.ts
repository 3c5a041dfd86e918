import { expect, expectTypeOf, it } from "vitest";
import { countListeners } from "../../test/listeners.ts";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { untilAbort } from "../../test/until-abort.ts";
import { race } from "./race.ts";

it("gives the result of the first, when the aborted others have ended", async () => {
  const log: string[] = [];
  const winner = await race([
    (context) => untilAbort(context, () => ticks().then(() => log.push("loser"))),
    async () => 1,
    () => ticks(2).then(() => "too late"),
  ]);
  log.push("race");
  expect(winner).toBe(1);
  expectTypeOf(winner).toEqualTypeOf<number | string>();
  expect(log).toEqual(["loser", "race"]);
});

it("rejects with the error of the first", async () => {
  const error = new Error("first");
  expect(await thrown(race([untilAbort, () => Promise.reject(error)]))).toBe(error);
});

it("does not lose a loser's own error behind the result", async () => {
  const error = new Error("could not close");
  const outcome = race([() => 1, (context) => untilAbort(context, () => Promise.reject(error))]);
  expect(await thrown(outcome)).toBe(error);
});

it("rejects with the reason when it is aborted, and lets go of the signal", async () => {
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const outcome = thrown(race([untilAbort, untilAbort], { signal: controller.signal }));
  expect(listeners()).toBe(1);
  controller.abort(null);
  expect(await outcome).toBe(null);
  expect(listeners()).toBe(0);
});

it("refuses to race nobody, which would never end", async () => {
  expect(await thrown(race([]))).toMatchObject({ code: "INVALID_OPTION" });
});

it("gives an undefined result as one", async () => {
  expect(await race([() => undefined, untilAbort])).toBeUndefined();
});
