import { expect, it, vi } from "vitest";
import { thrown } from "../../test/thrown.ts";
import { ticks } from "../../test/turns.ts";
import { merge } from "./merge.ts";

async function* slow<Item>(items: readonly Item[], log: string[] = []): AsyncGenerator<Item> {
  try {
    for (const item of items) {
      await ticks(3);
      yield item;
    }
  } finally {
    log.push("closed");
  }
}

it("yields everything, each source in its own order, and ends with the last", async () => {
  const found: (number | string)[] = [];
  for await (const item of merge([slow([1, 2, 3]), ["a", "b"], slow([])])) {
    found.push(item);
  }
  expect(found.filter((item) => typeof item === "number")).toEqual([1, 2, 3]);
  expect(found.filter((item) => typeof item === "string")).toEqual(["a", "b"]);
  expect(found).toHaveLength(5);
  expect(await merge([]).next()).toEqual({ done: true, value: undefined });
});

it("asks a source for one item at a time, and only when somebody waits", async () => {
  let read = 0;
  function* endless(): Generator<number> {
    for (;;) yield ++read;
  }
  const items = merge([endless(), endless()]);
  await ticks();
  expect(read).toBe(0);
  for (let count = 0; count < 10; count++) await items.next();
  await ticks();
  expect(read).toBeLessThanOrEqual(12);
  await items.return(undefined);
});

it("closes all sources when it is left, but does not wait for a busy one", async () => {
  const log: string[] = [];
  const stuck: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        log.push("told");
        return new Promise(() => {});
      },
    }),
  };
  for await (const item of merge([slow([1, 2], log), stuck])) {
    expect(item).toBe(1);
    break;
  }
  expect(log).toEqual(["told", "closed"]);
});

it("throws the first error after the items before it, and closes the others", async () => {
  const log: string[] = [];
  const error = new Error("lost");
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw error;
  }
  const items = merge([failing(), slow([5, 6, 7], log)]);
  const found: unknown[] = [];
  expect(
    await thrown(
      (async () => {
        for await (const item of items) found.push(item);
      })(),
    ),
  ).toBe(error);
  expect(found[0]).toBe(1);
  await ticks();
  expect(log).toEqual(["closed"]);
});

it("opens none where one is no source", async () => {
  const open = vi.fn<() => AsyncGenerator<number>>(() => slow([1]));
  const items = merge([{ [Symbol.asyncIterator]: open }, 5 as never]);
  expect(await thrown(items.next())).toMatchObject({ code: "INVALID_OPTION" });
  expect(open).not.toHaveBeenCalled();
});

it("says what is no source", async () => {
  expect(await thrown(merge([5 as never]).next())).toMatchObject({
    code: "INVALID_OPTION",
    message: expect.stringContaining("the one at 0 is number"),
  });
});
