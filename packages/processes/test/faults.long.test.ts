/** What processes can suffer, with real ones. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isQuintetError, type QuintetError, WorkerLostError } from "@quintet/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processes, type ProcessesOptions, type ProcessPool } from "../src/index.ts";
import { childrenOfThis, isAlive, within } from "./alive.ts";
import { faults } from "./task-files/faults.tasks.ts";

let folder: string;
const pools: ProcessPool[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "quintet-")));
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close({ cancel: true })));
  rmSync(folder, { recursive: true });
});

function open(options: ProcessesOptions): ProcessPool {
  const pool = processes({ stdio: "ignore", ...options });
  pools.push(pool);
  return pool;
}

async function failure(promise: Promise<unknown>): Promise<QuintetError> {
  const reason: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isQuintetError(reason)) throw new Error(`It did not fail with an error of ours.`);
  return reason;
}

const file = (): string => join(folder, "told");

/** Whether a task has told that it runs. */
const told = (): Promise<boolean> => within(10_000, () => existsSync(file()));

describe("a process that is lost", () => {
  it.each(["SIGKILL", "SIGSEGV", "SIGTERM"] as const)(
    "by %s costs the task that ran, and those behind it run elsewhere",
    async (signal) => {
      const pool = open({ size: 1 });
      await pool.run(faults.echo, 0);
      const before = Array.from({ length: 20 }, (_, n) => pool.run(faults.echo, n));
      const guilty = failure(pool.run(faults.kill, signal));
      const after = Array.from({ length: 20 }, (_, n) => pool.run(faults.echo, n));
      expect(await guilty).toMatchObject({ code: "WORKER_LOST", signal, task: "faults.kill" });
      expect(await Promise.all([...before, ...after])).toHaveLength(40);
      expect(pool.stats()).toMatchObject({ restarts: 1, failed: 1, completed: 41 });
    },
  );

  it("in the middle of many short ones costs the task that ran, every time", async () => {
    const pool = open({ size: 1 });
    const echoes = (): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 300 }, (_, n) => pool.run(faults.echo, n)));
    for (let restarts = 1; restarts <= 3; restarts++) {
      await echoes();
      const before = echoes();
      const guilty = failure(pool.run(faults.kill, "SIGKILL"));
      const after = echoes();
      expect(await guilty).toMatchObject({ code: "WORKER_LOST", task: "faults.kill" });
      expect([await before, await after].flat()).toHaveLength(600);
      expect(pool.stats()).toMatchObject({ restarts, failed: restarts });
    }
  });

  it("by an abort, as native code does it, says so", async () => {
    const lost = await failure(open({ size: 1 }).run(faults.abort));
    expect(lost).toBeInstanceOf(WorkerLostError);
    expect(lost).toMatchObject({ signal: "SIGABRT" });
  });

  it("tells its exit code and what it wrote last", async () => {
    const lost = await failure(open({ size: 1 }).run(faults.complain, 7));
    expect(lost).toMatchObject({ code: "WORKER_LOST", exitCode: 7, stderr: "the last words" });
  });

  it("because its memory is full, leaves this one alone", async () => {
    const pool = open({ size: 1, memory: 48 * 2 ** 20 });
    const lost = (await failure(pool.run(faults.fill))) as WorkerLostError;
    expect(lost.code).toBe("WORKER_LOST");
    expect(lost.stderr).toContain("heap out of memory");
    expect(await pool.run(faults.echo, "on")).toBe("on");
  });

  it("runs its task again where that has retries", async () => {
    const pool = open({ size: 1 });
    const lost = await failure(pool.run(faults.kill, "SIGKILL", { retries: 2 }));
    expect(lost.code).toBe("WORKER_LOST");
    expect(pool.stats().restarts).toBe(3);
  });
});

describe("what a process had of others", () => {
  it.each([
    ["is killed", (pid: number) => process.kill(pid, "SIGKILL")],
    ["is stopped for being too slow to end", (pid: number) => process.kill(pid, "SIGSTOP")],
  ])("is back when it %s, and it stands in no line any more", async (_, end) => {
    const pool = open({ size: 1, grace: 10 });
    const pid = await pool.run(faults.pid);
    const taken = await pool.semaphore("other").acquire();
    const controller = new AbortController();
    const { signal } = controller;
    const running = pool.run(faults.standsInLine, file(), { signal }).catch((error) => error);
    expect(await told()).toBe(true);
    const inLine = async (): Promise<boolean> =>
      (await pool.semaphore("other").inspect()).state["waiting"] === 1;
    while (!(await inLine())) await new Promise((resolve) => setTimeout(resolve, 1));
    end(pid);
    controller.abort();
    await running;
    (await pool.semaphore("only one").acquire()).release();
    const received = pool.channel("silent").receive();
    expect(await pool.channel("silent").trySend("for the caller")).toBe(true);
    expect(await received).toEqual({ done: false, value: "for the caller" });
    taken.release();
    (await pool.semaphore("other").acquire()).release();
    expect(await pool.run(faults.echo, "on")).toBe("on");
  });
});

describe("a process that has to end", () => {
  it("is gone, with whatever it started, when close() resolves", async () => {
    const pool = open({ size: 2 });
    const pids = new Set(await Promise.all(Array.from({ length: 20 }, () => pool.run(faults.pid))));
    await pool.close();
    expect([...pids].filter(isAlive)).toEqual([]);
  });

  it("and ignores SIGTERM, is gone soon after nevertheless", async () => {
    const pool = open({ size: 1, grace: 10 });
    const running = failure(pool.run(faults.deaf, file()));
    expect(await told()).toBe(true);
    await pool.close({ deadline: 50 });
    expect(await running).toMatchObject({ code: "CLOSED" });
    expect(pool.stats().workers).toBe(0);
  });

  it("and was stopped, does not hold close() up", async () => {
    const pool = open({ size: 1, grace: 10 });
    const pid = await pool.run(faults.pid);
    const running = failure(pool.run(faults.forever, file()));
    expect(await told()).toBe(true);
    process.kill(pid, "SIGSTOP");
    await pool.close({ deadline: 50 });
    expect(await running).toMatchObject({ code: "CLOSED" });
    expect(isAlive(pid)).toBe(false);
  });

  it("is told first, so that a loop which never yields sees it", async () => {
    const pool = open({ size: 1, grace: 60_000 });
    const pid = await pool.run(faults.pid);
    const controller = new AbortController();
    const job = pool.submit(faults.untilCancelled, file(), { signal: controller.signal });
    expect(await told()).toBe(true);
    controller.abort(new Error("enough"));
    await expect(job.result).rejects.toThrow("enough");
    expect(await pool.run(faults.pid)).toBe(pid);
  });
});

describe("a task behind one that blocks", () => {
  it("goes to another process, though the first cannot answer", async () => {
    const pool = open({ size: 2, grace: 10 });
    await Promise.all([pool.run(faults.echo, 1), pool.run(faults.echo, 2)]);
    const controller = new AbortController();
    const { signal } = controller;
    const blocked = pool.run(faults.forever, file(), { signal });
    const others = Array.from({ length: 50 }, (_, n) => pool.run(faults.echo, n));
    expect(await Promise.all(others)).toHaveLength(50);
    controller.abort(new Error("enough"));
    await expect(blocked).rejects.toThrow("enough");
  });

  it("has its result while a later one blocks", async () => {
    const pool = open({ size: 1, grace: 10 });
    const echoes = (): Promise<unknown[]> =>
      Promise.all(Array.from({ length: 100 }, (_, n) => pool.run(faults.echo, n)));
    await echoes();
    const controller = new AbortController();
    const { signal } = controller;
    const before = echoes();
    const blocked = pool.run(faults.forever, file(), { signal });
    expect(await before).toHaveLength(100);
    controller.abort(new Error("enough"));
    await expect(blocked).rejects.toThrow("enough");
  });

  it("is not held up by one that is cancelled and does not end", async () => {
    const pool = open({ size: 1, grace: 10 });
    await pool.run(faults.echo, 1);
    const controller = new AbortController();
    const { signal } = controller;
    const blocked = pool.run(faults.forever, file(), { signal });
    const next = pool.run(faults.echo, "next");
    expect(await told()).toBe(true);
    controller.abort(new Error("enough"));
    await expect(blocked).rejects.toThrow("enough");
    expect(await next).toBe("next");
    expect(pool.stats().restarts).toBe(1);
  });
});

describe("options", () => {
  it("say where, as what and with what processes run", async () => {
    const pool = open({
      size: 1,
      cwd: folder,
      argv: ["--mine", "a b"],
      env: { ...process.env, QUINTET_TEST: "yes" },
      nice: 5,
      memory: 100 * 2 ** 20,
    });
    const found = await pool.run(faults.surroundings);
    expect(found).toMatchObject({ cwd: folder, argv: ["--mine", "a b"], variable: "yes", nice: 5 });
    expect(found.options).toContain("--max-old-space-size=100");
  });

  it("that cannot be met reject what waits, and say why", async () => {
    const pool = open({ size: 1, execPath: join(folder, "no-node") });
    const error = await failure(pool.run(faults.pid));
    expect(error.code).toBe("WORKER_START_FAILED");
    expect(String(error.cause)).toContain("ENOENT");
  });

  it.each([
    [{ nice: 20 }, "nice must be a whole number from -20 to 19"],
    [{ memory: 48 }, "memory must be a whole number of bytes, at least 16 MB"],
    [{ stdio: "pipe" }, 'stdio must be "inherit" or "ignore"'],
    [{ uid: -1 }, "uid must be a whole number from 0 up"],
  ])("like %j are refused", (options, message) => {
    expect(() => processes(options as ProcessesOptions)).toThrow(message);
  });
});

it("a process of its own for every task", async () => {
  const pool = open({ size: 1, tasksPerWorker: 1 });
  const pids = [1, 2, 3].map(() => pool.run(faults.pid));
  expect(new Set(await Promise.all(pids)).size).toBe(3);
});

it("a spare process takes over, and is gone as well when close() resolves", async () => {
  const pool = open({ size: 1, tasksPerWorker: 1, spares: 1 });
  const pids: number[] = [];
  for (let n = 0; n < 3; n++) pids.push(await pool.run(faults.pid));
  expect(new Set(pids).size).toBe(3);
  await pool.close();
  const mine = childrenOfThis();
  expect(mine).toEqual([]);
});

it("64 MB go there whole", async () => {
  const pool = open({ size: 1 });
  const bytes = new Uint8Array(64 * 2 ** 20).fill(3);
  expect(await pool.run(faults.size, bytes)).toBe((bytes.length + 3 * bytes.length) % 256);
});
