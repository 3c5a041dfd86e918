import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { turn } from "./turns.ts";
import { eventLoop } from "../src/event-loop.ts";
import { condition } from "../src/primitives/condition.ts";
import { event } from "../src/primitives/event.ts";
import { keyed } from "../src/primitives/keyed.ts";
import { type Mutex, mutex } from "../src/primitives/mutex.ts";
import { queue } from "../src/primitives/queue.ts";
import { rwLock } from "../src/primitives/rw-lock.ts";
import { semaphore } from "../src/primitives/semaphore.ts";
import { asTask, type WaitsWatched, watchWaits } from "../src/primitives/watch-waits.ts";

let watch: WaitsWatched;

beforeEach(() => {
  watch = watchWaits({ onStuck: () => {} });
});
afterEach(() => watch.stop());

/** Takes one lock and then the other, as a task of that name. */
function crossing(name: string, first: Mutex, second: Mutex): void {
  void asTask(name, async () => {
    using permit = await first.acquire();
    await turn();
    await second.use(() => permit);
  });
}

/** The circles that were found: who waits for what in each. */
const circles = (): string[][] =>
  watch
    .report()
    .deadlocks.map((circle) => circle.map((wait) => `${wait.task} > ${wait.primitive}`));

describe("a deadlock", () => {
  it("of two tasks that took two locks crosswise is found, and seen from each lock", async () => {
    const [a, b] = [mutex({ name: "a" }), mutex({ name: "b" })];
    crossing("one", a, b);
    crossing("two", b, a);
    expect(circles()).toEqual([]);
    await turn();
    await turn();
    expect(circles()).toEqual([["one > b", "two > a"]]);
    const seen = [a, b].map((lock) => {
      const { holders, waiters } = lock.inspect();
      return [holders.map(({ task }) => task), waiters.map(({ task }) => task)];
    });
    expect(seen).toEqual([
      [["one"], ["two"]],
      [["two"], ["one"]],
    ]);
    for (const { place } of [...a.inspect().holders, ...b.inspect().waiters]) {
      expect(place).toContain("watch-waits.test.ts");
    }
    expect(a.inspect().waiters[0]?.duration).toBeGreaterThanOrEqual(0);
  });

  it("of one task with itself, of three in a circle, and of no one else", async () => {
    const names = ["a", "b", "c", "d", "free"];
    const [a, b, c, d, free] = names.map((name) => mutex({ name })) as [
      Mutex,
      Mutex,
      Mutex,
      Mutex,
      Mutex,
    ];
    crossing("one", a, b);
    crossing("two", b, c);
    crossing("three", c, a);
    crossing("self", d, d);
    void asTask("holder", () => free.acquire());
    void asTask("innocent", () => free.acquire());
    void asTask("victim", () => a.acquire());
    await turn();
    await turn();
    expect(new Set(circles().map(String))).toEqual(
      new Set(["one > b,two > c,three > a", "self > d"]),
    );
    expect(watch.report().waits).toHaveLength(6);
  });

  it("through nameless tasks of use, keyed locks, conditions and runs of an executor", async () => {
    const locks = keyed((key: string) => mutex({ name: key }));
    const changed = condition({ lock: mutex({ name: "c" }) });
    const executor = eventLoop();
    const [a, b] = [locks.get("a"), locks.get("b")];
    void a.use(async () => (await turn(), b.acquire()));
    void executor.run(() => b.use(async () => (await turn(), changed.use(() => 1))), undefined, {
      id: "job",
    });
    void changed.use(async () => (await turn(), a.acquire()));
    await turn();
    await turn();
    const [circle, ...others] = circles();
    expect(others).toEqual([]);
    expect(circle).toHaveLength(3);
    expect(circle?.join()).toMatch(/task \d+ > b.*\(job\) > c.*task \d+ > a/);
  });

  it("of a semaphore is one when all its holders wait, of a writer when one reader does", async () => {
    const slots = semaphore(2, { name: "slots" });
    const lock = rwLock({ name: "lock" });
    const hold = (name: string, then: () => unknown): void => {
      void asTask(name, async () => {
        await slots.acquire();
        await turn();
        await then();
      });
    };
    const gate = Promise.withResolvers<void>();
    hold("one", () => slots.acquire());
    hold("two", () => gate.promise.then(() => slots.acquire()));
    void asTask("reader", async () => (await lock.read.acquire(), await lock.write.acquire()));
    void asTask("other reader", () => lock.read.acquire());
    await turn();
    await turn();
    expect(circles()).toEqual([["reader > lock"]]);
    gate.resolve();
    await turn();
    expect(circles()).toContainEqual(["one > slots"]);
  });
});

describe("a report", () => {
  it("says in words who waits for what, and who holds it", async () => {
    const [a, b] = [mutex({ name: "a" }), mutex({ name: "b" })];
    expect(watch.report().toString()).toBe("Nobody waits.");
    crossing("one", a, b);
    crossing("two", b, a);
    void asTask("reader", () => queue({ name: "jobs" }).get());
    await turn();
    await turn();
    const exact = watch.report().toString();
    const text = exact
      .replaceAll(/, at .*?(?=:? \w+ of |\n|$)/g, "")
      .replaceAll(/\d+\.\d s/g, "0.0 s");
    expect(text.split("\n")).toEqual([
      "3 waits have not ended:",
      "  reader for 0.0 s: item of jobs",
      "  one for 0.0 s: permit of b",
      "      held by two for 0.0 s",
      "  two for 0.0 s: permit of a",
      "      held by one for 0.0 s",
      "Deadlock: one waits for b, held by two waits for a, held by one.",
    ]);
  });

  it("forgets who has what it waited for, gave it back, or gave up", async () => {
    const lock = mutex();
    const ready = event();
    const controller = new AbortController();
    const held = await lock.acquire();
    const [granted, late] = [lock.acquire(), ready.wait()];
    const aborted = lock.acquire({ signal: controller.signal }).catch(() => {});
    expect(watch.report().waits).toHaveLength(3);
    controller.abort();
    held.release();
    ready.set();
    await Promise.all([late, aborted]);
    expect(watch.report().waits).toEqual([]);
    expect(lock.inspect().holders).toHaveLength(1);
    (await granted).release();
    expect(lock.inspect().holders).toEqual([]);
  });

  it("leaves out the line of code where that is not wanted", async () => {
    watch.stop();
    watch = watchWaits({ places: false, onStuck: () => {} });
    const lock = mutex();
    await lock.acquire();
    expect(lock.inspect().holders).toMatchObject([{ task: undefined, place: undefined }]);
  });

  it("knows nothing from before it watched, and nobody is noted afterwards", async () => {
    const lock = mutex();
    watch.stop();
    await lock.acquire();
    const waiting = lock.acquire();
    expect(lock.inspect().holders).toEqual([]);
    watch = watchWaits({ onStuck: () => {} });
    expect(watch.report().waits).toEqual([]);
    watch.stop();
    watch.stop();
    expect(asTask("free", () => 7)).toBe(7);
    void waiting;
  });
});

describe("a process whose tasks all wait for ever", { timeout: 30_000 }, () => {
  const module = JSON.stringify(new URL("../src/index.ts", import.meta.url).href);

  function run(program: string): { status: number | null; stderr: string; stdout: string } {
    const source = `import { asTask, mutex, watchWaits } from ${module};\n${program}`;
    const args = ["--conditions=@quintet/source", "--input-type=module", "--eval", source];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  }

  const deadlock = `
    const [a, b] = [mutex({ name: "a" }), mutex({ name: "b" })];
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const cross = async (x, y) => { await x.acquire(); await turn(); await y.acquire(); };
    asTask("one", () => cross(a, b));
    asTask("two", () => cross(b, a));
  `;

  it("ends in silence, unless waits are watched", () => {
    expect(run(deadlock)).toMatchObject({ status: 0, stderr: "", stdout: "" });
  });

  it("says who waits for what before it ends, with exit code 13", () => {
    const { status, stderr } = run(`watchWaits();${deadlock}`);
    expect(status).toBe(13);
    expect(stderr).toContain("2 waits have not ended:\n");
    expect(stderr).toContain("Deadlock: one waits for b, held by two waits for a, held by one.\n");
  });

  it("tells whoever wants to know instead, and keeps an exit code that was set", () => {
    const { status, stderr, stdout } = run(`
      watchWaits({ onStuck: (report) => console.log(report.waits.length), exitCode: 5 });
      process.exitCode = 3;${deadlock}`);
    expect({ status, stderr, stdout }).toEqual({ status: 3, stderr: "", stdout: "2\n" });
  });

  it("ends as ever when nobody waits, or nobody watches any more", () => {
    expect(run(`watchWaits(); await mutex().acquire();`)).toMatchObject({ status: 0, stderr: "" });
    expect(run(`watchWaits().stop();${deadlock}`)).toMatchObject({ status: 0, stderr: "" });
  });
});

it("refuses bad input", () => {
  expect(() => watchWaits({ onstuck: 1 } as object)).toThrow('no option "onstuck"');
  expect(() => watchWaits({ exitCode: -1 })).toThrow("exitCode must be");
});
