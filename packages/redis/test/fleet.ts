import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { redis, type RedisOptions, type RedisQueue, type ServeOptions } from "../src/index.ts";

const program = new URL("worker-process.ts", import.meta.url).pathname;

/** A worker in a process of its own. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  errors = "";

  constructor(options: Partial<ServeOptions>, more: readonly string[] = []) {
    const flags = ["--conditions=@quintet/source", ...more, program, JSON.stringify(options)];
    this.child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stderr?.on("data", (data: unknown) => (this.errors += String(data)));
    this.ready = once(this.child.stdout!, "data");
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGCONT");
      child.kill(signal);
      await once(child, "exit");
    }
    return child.exitCode;
  }
}

/** Workers and clients of one test, with a folder for what they write. All of it is gone after `clear`. */
export class Fleet {
  readonly queue: string = `fleet-${Math.random().toString(36).slice(2)}`;
  readonly #folder = mkdtempSync(join(tmpdir(), "quintet-fleet-"));
  readonly #workers: WorkerProcess[] = [];
  readonly #clients: RedisQueue[] = [];
  #files = 0;

  async worker(
    url: string,
    options: Partial<ServeOptions> = {},
    flags: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const defaults = { queue: this.queue, connection: url, lease: 1_500 };
    const worker = new WorkerProcess({ ...defaults, ...options }, flags);
    this.#workers.push(worker);
    await worker.ready;
    return worker;
  }

  client(url: string, options: Partial<RedisOptions> = {}): RedisQueue {
    const client = redis({ queue: this.queue, connection: url, ...options });
    this.#clients.push(client);
    return client;
  }

  file(): string {
    const path = join(this.#folder, `${++this.#files}`);
    writeFileSync(path, "");
    return path;
  }

  async clear(): Promise<void> {
    await Promise.all(
      this.#clients.splice(0).map((one) => one.close({ cancel: true, deadline: 500 })),
    );
    await Promise.all(this.#workers.splice(0).map((one) => one.end()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const lines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];

/** Waits until something holds; fails after so many milliseconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  limit: number = 10_000,
): Promise<void> {
  const end = performance.now() + limit;
  while (!(await holds())) {
    if (performance.now() > end)
      throw new Error(`Waited ${limit} ms in vain for ${holds.toString()}`);
    await sleep(5);
  }
}

/** How a promise ends: its value, or the code of its error. */
export const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );
