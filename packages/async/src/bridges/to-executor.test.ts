import { defineTasks, type Executor, isTask, type Task } from "@quintet/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { thrown } from "../../test/thrown.ts";
import { eventLoop } from "../event-loop.ts";
import { toExecutor } from "./to-executor.ts";

const numbers = defineTasks("numbers", import.meta.url, {
  double: async (n: number) => n * 2,
  seven: () => 7,
});

it("makes an async function of a task, with the options of run", async () => {
  const executor = eventLoop();
  const double = toExecutor(executor, numbers.double);
  expectTypeOf(double(1)).toEqualTypeOf<Promise<number>>();
  expect(await double(21)).toBe(42);
  expect(await toExecutor(executor, numbers.seven)()).toBe(7);
  expect(await thrown(double(1, { signal: AbortSignal.abort("enough") }))).toBe("enough");
  await executor.close();
});

it("hands closures over as they are where the executor takes them", async () => {
  const executor = eventLoop();
  let seen = 0;
  const keep = toExecutor(executor, (n: number) => void (seen = n));
  await keep(5);
  expect(seen).toBe(5);
  await executor.close();
});

describe("where the executor takes no closures", () => {
  const asked: unknown[] = [];
  const elsewhere = {
    traits: { closures: false, inline: true },
    run: async (task: Task<unknown, unknown>, ...rest: unknown[]) => asked.push([task, ...rest]),
  } as unknown as Executor;

  it("sends a plain function's source, and a task as it is", async () => {
    const square = toExecutor(elsewhere, (n: number) => n * n);
    await square(7, { timeout: 5 });
    await square(8);
    await toExecutor(elsewhere, numbers.double)(1);
    const [[first, ...rest], [second], [third]] = asked as [unknown[], unknown[], unknown[]];
    expect(isTask(first) && first.origin).toEqual({ kind: "inline", source: "(n) => n * n" });
    expect(rest).toEqual([7, { timeout: 5 }]);
    expect(second).toBe(first);
    expect(third).toBe(numbers.double);
  });

  it("refuses what has no source", () => {
    expect(() => toExecutor(elsewhere, Math.max as never)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});
