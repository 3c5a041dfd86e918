import { moduleTasks, withPolicies } from "@quintet/core";
import { threads } from "@quintet/threads";
import { afterAll, describe, expect, it } from "vitest";
import { carried, trace, user } from "./task-files/carried.tasks.ts";

const pool = threads({ size: 2, carry: ["user", "trace"] });
afterAll(() => pool.close());

const ada = { name: "Ada", roles: new Set(["admin"]) };

describe("a pool that carries stores", () => {
  it("gives tasks what their caller has in them at the call", async () => {
    const run = user.run(ada, () => trace.run({ id: "t1" }, () => pool.run(carried.now)));
    expect(await run).toEqual([ada, "t1"]);
    expect(await user.run("Bob", () => pool.run(carried.now))).toEqual(["Bob", undefined]);
    expect(await pool.run(carried.now)).toEqual([undefined, undefined]);
  });

  it("keeps it over awaits, and in the bodies of generators", async () => {
    expect(await user.run(ada, () => pool.run(carried.later))).toEqual([ada, ada]);
    const collect = async (): Promise<unknown[]> => {
      const items: unknown[] = [];
      for await (const item of pool.stream(carried.each, 40)) items.push(item);
      for await (const item of pool.stream(carried.eachLater, 3)) items.push(item);
      return items;
    };
    const items = await user.run("Cleo", collect);
    expect(items).toEqual(Array.from({ length: 43 }, () => "Cleo"));
  });

  it("gives each task its own caller's, also when they run side by side", async () => {
    const names = Array.from({ length: 50 }, (_, n) => `user ${n}`);
    const runs = names.map((name) => user.run(name, () => pool.run(carried.later)));
    expect(await Promise.all(runs)).toEqual(names.map((name) => [name, name]));
  });

  it("gives all tasks of a map what it was called with, whoever reads on", async () => {
    const results = user.run("Dora", () =>
      pool.map(carried.of, Array.from({ length: 300 }).keys(), { concurrency: 4 }),
    );
    const all = await user.run("somebody else", () => results.toArray());
    expect(new Set(all)).toEqual(new Set(["Dora"]));
    const under = withPolicies(pool, (next) => next);
    const inside = user.run("Eve", () => under.map(carried.of, [1, 2, 3, 4], { concurrency: 1 }));
    expect(await inside.toArray()).toEqual(["Eve", "Eve", "Eve", "Eve"]);
  });

  it("gives it to a task that waited for room, and to one that is run again", async () => {
    const narrow = threads({ size: 1, maxQueue: 1, carry: ["user"] });
    const names = ["a", "b", "c", "d"];
    const jobs = names.map((name) => user.run(name, () => narrow.submit(carried.of, 0)));
    expect(await Promise.all(jobs.map(({ result }) => result))).toEqual(names);
    const again = user.run("Finn", () => narrow.run(carried.exitOnce, undefined, { retries: 1 }));
    expect(await again).toBe("Finn");
    await narrow.close();
  });

  it("gives it to runSync", () => {
    expect(user.run("Gus", () => pool.runSync(carried.of, 0))).toBe("Gus");
  });

  it("refuses what cannot be copied, for that task alone", async () => {
    const bad = user.run({ deep: { call: () => 1 } }, () => pool.run(carried.now));
    const good = user.run("Hana", () => pool.run(carried.of, 0));
    await expect(bad).rejects.toMatchObject({
      code: "NOT_CLONEABLE",
      path: "carry.user.deep.call",
    });
    expect(await good).toBe("Hana");
    const input = user.run("Hana", () => pool.run(carried.of, () => 1));
    await expect(input).rejects.toMatchObject({ code: "NOT_CLONEABLE", path: "input" });
  });

  it("runs tasks whose module knows nothing of the stores", async () => {
    const file = new URL("./task-files/storeless.mjs", import.meta.url);
    const { echo } = moduleTasks<{ echo: (value: number) => number }>("storeless", file);
    const fresh = threads({ size: 1, carry: ["user"] });
    expect(await user.run(ada, () => fresh.run(echo, 5))).toBe(5);
    await fresh.close();
  });

  it("refuses a name that nothing is registered under", async () => {
    const wrong = threads({ size: 1, carry: ["usre"] });
    await expect(wrong.run(carried.now)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(wrong.map(carried.of, [1]).toArray()).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
    await wrong.close();
    expect(() => threads({ carry: "user" as never })).toThrow(/array of strings/);
  });
});

it("carries nothing where nothing is named", async () => {
  const plain = threads({ size: 1 });
  expect(await user.run(ada, () => plain.run(carried.now))).toEqual([undefined, undefined]);
  await plain.close();
});
