import type { Inspectable } from "@quintet/core";
import { type Rules, typed, validateOptions, waitWatch, wholeNumber } from "@quintet/core/kit";
import { WaitObserver } from "./wait-observer.ts";
import { type WaitReport, waitReport } from "./wait-report.ts";

/** Options of `watchWaits`. */
export interface WatchWaitsOptions {
  /** Gets the report when the process is about to end while somebody waits. Default: writes it to stderr. */
  readonly onStuck?: ((report: WaitReport) => void) | undefined;
  /** The exit code of a process that ends so and has none yet. Default: 13, as Node's own for an `await` that never ends. */
  readonly exitCode?: number | undefined;
  /** Whether to note the line of code where somebody waits or holds, which takes some microseconds. Default: true. */
  readonly places?: boolean | undefined;
}

/** A watch over all waits. */
export interface WaitsWatched extends Disposable {
  /** Who waits for what, and for whom, right now. */
  report(): WaitReport;
  /** Ends the watch. A second call does nothing. */
  stop(): void;
}

/**
 * Watches everybody who waits at a primitive of this thread from now on. A process in which all wait for each other
 * ends in silence, with exit code 0 or 13; with this it tells first who waits for what, who holds it, and where.
 * `inspect()` of each primitive then also names the tasks. A later watch takes the place of an earlier one.
 *
 * Tasks are known by their names: runs of `eventLoop()` and `coroutines()`, coroutines by hand and tasks of scopes have one,
 * `asTask` gives one, and `use` makes a nameless one. For deadlocks a task is taken to do one thing at a time: one that waits
 * does nothing else.
 *
 * *Errors*: `INVALID_OPTION`. *Cost*: nobody watching costs one property read for each wait and each permit. Watching
 * takes microseconds for each, and keeps what is waited for in memory.
 *
 * @example
 * ```ts
 * import { asTask, mutex, watchWaits } from "@quintet/async";
 *
 * const watch = watchWaits({ onStuck: () => {} });
 * const [a, b] = [mutex({ name: "a" }), mutex({ name: "b" })];
 * const turn = () => new Promise((resolve) => setImmediate(resolve));
 * void asTask("one", () => a.use(async () => (await turn(), b.use(() => {}))));
 * void asTask("two", () => b.use(async () => (await turn(), a.use(() => {}))));
 * await turn();
 * await turn();
 * console.log(watch.report().toString().split("\n").at(-1));
 * // => Deadlock: one waits for b, held by two waits for a, held by one.
 * process.exitCode = 0;
 * ```
 */
export function watchWaits(options?: WatchWaitsOptions): WaitsWatched {
  const {
    onStuck = printed,
    exitCode = 13,
    places = true,
  } = validateOptions("watchWaits()", options, rules);
  const observer = new WaitObserver(places);
  waitWatch.current = observer;

  const report = (): WaitReport => {
    const owners = new Set<Inspectable>();
    for (const { owner } of observer.lots) owners.add(owner);
    return waitReport(Array.from(owners, (owner) => owner.inspect()));
  };
  const beforeExit = (): void => {
    if (observer.lots.size === 0) return;
    if (host) host.exitCode ??= exitCode;
    onStuck(report());
  };
  const stop = (): void => {
    if (waitWatch.current === observer) waitWatch.current = undefined;
    host?.off("beforeExit", beforeExit);
  };
  host?.on("beforeExit", beforeExit);
  return { report, stop, [Symbol.dispose]: stop };
}

/**
 * Runs a function, and all it starts, as a task of a name, for those who watch waits. Nobody watching, it just runs.
 *
 * @example
 * ```ts
 * import { asTask } from "@quintet/async";
 *
 * console.log(await asTask("greet", async () => "hello")); // => hello
 * ```
 */
export function asTask<T>(name: string, call: () => T): T {
  return waitWatch.current ? waitWatch.current.runAs(name, call) : call();
}

const rules: Rules<WatchWaitsOptions> = /* @__PURE__ */ (() => ({
  onStuck: typed("function"),
  exitCode: wholeNumber(0),
  places: typed("boolean"),
}))();

/** What a process has that can end. */
interface Host {
  exitCode?: number | string | null | undefined;
  on(event: "beforeExit", listener: () => void): unknown;
  off(event: "beforeExit", listener: () => void): unknown;
  readonly stderr?: { write(text: string): unknown };
}

/** The process, where there is one that tells of its end. */
const host: Host | undefined = /* @__PURE__ */ (() => {
  const { process: found } = globalThis as { process?: Partial<Host> };
  return found?.on && found.off ? (found as Host) : undefined;
})();

function printed(report: WaitReport): void {
  host?.stderr?.write(`${report.toString()}\n`);
}
