import {
  isMainThread,
  type MessagePort,
  parentPort,
  threadId,
  workerData,
} from "node:worker_threads";
import { defineTasks, type TaskContext } from "@quintet/core";

/** What the tests of real threads run. */
export const work = defineTasks("work", import.meta.url, {
  echo: (value: unknown) => value,
  thread: () => ({ threadId, isMainThread }),
  /** Ends when it is told to, or never. */
  wait: (_: void, { signal }) =>
    new Promise<never>((_resolve, reject) => {
      const alive = setInterval(() => {}, 1_000);
      signal.addEventListener("abort", () => {
        clearInterval(alive);
        reject(signal.reason as Error);
      });
    }),
  /** Adds one to a shared counter, then waits until it is large enough: so many run at once. */
  meet: ({ counter, until }: { counter: Int32Array; until: number }) => {
    Atomics.add(counter, 0, 1);
    Atomics.notify(counter, 0);
    for (let now = Atomics.load(counter, 0); now < until; now = Atomics.load(counter, 0))
      Atomics.wait(counter, 0, now);
    return threadId;
  },
  spin: () => {
    for (;;);
  },
  // oxlint-disable no-console -- that is what they are for
  /** Writes lines in one of three ways. */
  print: ({ lines, way = "log" }: { lines: number; way?: string }) => {
    for (let line = 1; line <= lines; line++) {
      if (way === "log") console.log(`line ${line}`);
      else if (way === "error") console.error(`line ${line}`);
      else process.stdout.write(`line ${line}\n`);
    }
    return "printed";
  },
  printAndSpin: () => {
    console.log("first");
    console.log("second");
    for (;;);
  },
  // oxlint-enable no-console
  exit: (code: number) => process.exit(code),
  lastWords: (words: string) => {
    process.stderr.write(`${words}\n`);
    process.exit(3);
  },
  /** Ends well, and takes its thread down a moment later. */
  crashLater: () => {
    setImmediate(() => {
      throw new Error("a moment later");
    });
  },
  memory: () => {
    const list: object[] = [];
    for (let n = 0; ; n++) list.push({ n, text: `item ${n}` });
  },
  environment: () => ({
    greeting: process.env["QUINTET_TEST_GREETING"],
    home: process.env["PATH"] !== undefined,
    argv: process.argv.slice(2),
    execArgv: process.execArgv,
  }),
  garbage: () => {
    for (const value of [null, 7, "text", [4, 0, 0, "forged"], { kind: "done" }])
      parentPort?.postMessage(value);
    const data = workerData as { port?: { postMessage(value: unknown): void } } | null;
    data?.port?.postMessage([4, 0, 0, "forged"]);
    return data === null ? [] : Object.keys(data);
  },
  overwrite: () => {
    const globals = globalThis as Record<string, unknown>;
    for (const name of ["process", "performance", "setTimeout", "postMessage"])
      globals[name] = undefined;
  },
  write: (buffer: SharedArrayBuffer) => {
    Atomics.store(new Int32Array(buffer), 0, 42);
  },
  bytes: (value: ArrayBuffer | Uint8Array) => value.byteLength,
  fill: (size: number) => new Uint8Array(size).fill(7),
  say: (port: MessagePort) => {
    port.postMessage("hello from a task");
    port.close();
  },
  /** One of the things that tasks do, by a number. */
  soak: async (n: number, context: TaskContext) => {
    if (n % 997 === 0) process.exit(n % 2);
    if (n % 11 === 0) throw new RangeError(`task ${n}`);
    if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    if (n % 13 === 0) context.progress(n);
    return n;
  },
});
