import type { Executor, LiveTask, Traits } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { later, ok } from "./assertions.ts";
import { Attended } from "./attended.ts";
import type { CreateOptions, Harness } from "./harness.ts";
import { nodeModule } from "./node-modules.ts";
import type { SharedExecutors } from "./shared-executors.ts";
import { readLines } from "./signs.ts";
import { tasks } from "./tasks.ts";

/** Keeps tasks waiting until it is opened. */
export interface Gate {
  readonly path: string;
  readonly open: () => void;
}

/** What tasks have written. */
export interface Log {
  readonly path: string;
  readonly lines: () => string[];
  /** Waits until a line is there. */
  readonly has: (line: string) => Promise<void>;
}

/** A task that runs until it is let go. */
export interface Held {
  readonly log: Log;
  readonly result: Promise<unknown>;
  /** Lets it end. */
  readonly open: () => void;
}

/** How many options a held task takes. */
export interface HoldOptions {
  readonly task?: "hold" | "deaf" | "spin" | "watch" | "tidy";
  readonly signal?: AbortSignal;
}

/** What a case works with. Everything it makes is taken away when the case is over. */
export class Stage {
  readonly traits: Traits;
  /** Milliseconds to wait for something that has to happen. */
  readonly patience: number;
  readonly harness: Harness;
  readonly #shared: SharedExecutors | undefined;
  readonly #used = new Set<Executor>();
  readonly #fresh: Executor[] = [];
  readonly #attended: Attended[] = [];
  #folder: string | undefined;
  #files = 0;

  constructor(harness: Harness, traits: Traits, shared: SharedExecutors | undefined) {
    this.harness = harness;
    this.patience = harness.patience ?? 10_000;
    this.traits = traits;
    this.#shared = shared;
  }

  /** An executor that other cases use as well, one after the other: it must be idle again at the end. */
  async executor(options: CreateOptions = {}): Promise<Executor> {
    if (!this.#shared) return this.fresh(options);
    const executor = await this.#shared.get(options);
    this.#used.add(executor);
    return this.#attend(executor);
  }

  /** An executor for this case alone. */
  async fresh(options: CreateOptions = {}): Promise<Executor> {
    const executor = await this.harness.create(options);
    this.#fresh.push(executor);
    return this.#attend(executor);
  }

  gate(): Gate {
    const { existsSync, rmSync } = nodeModule("node:fs");
    const path = this.#file();
    return { path, open: () => existsSync(path) && rmSync(path, { force: true }) };
  }

  log(): Log {
    const path = this.#file();
    const lines = (): string[] => readLines(path);
    const has = (line: string): Promise<void> =>
      this.until(
        () => lines().includes(line),
        () => `"${line}" among ${JSON.stringify(lines())}`,
      );
    return { path, lines, has };
  }

  /** Starts a task that takes a slot until it is opened; resolves when it runs. */
  async hold(executor: Executor, { task = "hold", signal }: HoldOptions = {}): Promise<Held> {
    const { path, open } = this.gate();
    const log = this.log();
    const before = new Set(executor.tasks().map(({ id }) => id));
    const result = later(executor.run(tasks[task], { log: log.path, until: path }, { signal }));
    await log.has(`${task} started`);
    // Over a network the news of a start comes a moment after it.
    const runs = ({ id, state }: LiveTask): boolean => state === "running" && !before.has(id);
    if (this.traits.isolation === "machine")
      await this.until(() => executor.tasks().some(runs), "the news of the start");
    return { log, result, open };
  }

  /** Waits until a condition holds; fails when it does not come to hold. */
  async until(condition: () => boolean, what: string | (() => string)): Promise<void> {
    const end = systemClock.now() + this.patience;
    while (!condition()) {
      const text = (): string => (typeof what === "string" ? what : what());
      ok(systemClock.now() < end, `Waited ${this.patience} ms in vain for ${text()}.`);
      await this.moment(1);
    }
  }

  /** Gives a place the time to do what it must not do. Where something must happen, use `until`. */
  moment(milliseconds: number = 30): Promise<void> {
    return new Promise((resolve) => systemClock.after(milliseconds, resolve));
  }

  /** A file of the name, with a text. */
  write(name: string, text: string): string {
    const path = `${this.#home()}/${name}`;
    nodeModule("node:fs").writeFileSync(path, text);
    return path;
  }

  /** Fails when a shared executor is left busy. */
  async settle(): Promise<void> {
    for (const executor of this.#used) {
      const busy = (): boolean => {
        const { waiting, queued, running } = executor.stats();
        return waiting + queued + running > 0;
      };
      await this.until(
        () => !busy(),
        () => `an idle executor, got ${JSON.stringify(executor.stats())}`,
      );
    }
  }

  /** Lets all held tasks go, and closes what was made. */
  async clear(): Promise<void> {
    for (const attended of this.#attended) attended.leave();
    // Every gate is open once its file is gone.
    if (this.#folder) nodeModule("node:fs").rmSync(this.#folder, { recursive: true, force: true });
    let open = this.#fresh.length;
    const close = async (executor: Executor): Promise<void> => {
      await executor.close({ cancel: true, deadline: this.patience / 2 });
      open--;
    };
    const failures: unknown[] = [];
    for (const executor of this.#fresh) close(executor).catch((error) => failures.push(error));
    await this.until(() => open === 0 || failures.length > 0, "an executor to close");
    if (failures.length > 0) throw failures[0];
  }

  #attend(executor: Executor): Executor {
    const attended = new Attended(executor);
    this.#attended.push(attended);
    return attended.executor;
  }

  #file(): string {
    return this.write(`${++this.#files}`, "");
  }

  #home(): string {
    const start = `${nodeModule("node:os").tmpdir()}/quintet-conformance-`;
    this.#folder ??= nodeModule("node:fs").mkdtempSync(start);
    return this.#folder;
  }
}
