import { defineTasks, type TaskContext } from "@quintet/core";

/** What a task of the soak is to do. `n` makes its result known. */
export interface Errand {
  readonly n: number;
  readonly kind: Kind;
  /** How long, in milliseconds or items. */
  readonly length: number;
}

export type Kind =
  | "quick"
  | "text"
  | "object"
  | "compute"
  | "wait"
  | "obey"
  | "deaf"
  | "throw"
  | "throw null"
  | "reject"
  | "exit"
  | "crash later"
  | "out of memory"
  | "not cloneable"
  | "progress"
  | "permit"
  | "exit with permit"
  | "channel";

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Does what it is told; whatever ends well gives what `resultOf` says. */
async function act({ n, kind, length }: Errand, context: TaskContext): Promise<unknown> {
  switch (kind) {
    case "wait":
      await later(length);
      return n;
    case "obey":
      while (!context.signal.aborted) await later(1);
      throw context.signal.reason;
    case "reject":
      return Promise.reject(new RangeError(`errand ${n}`));
    case "permit":
      // Given back when the task has ended, where it does not do so itself.
      if ((await context.semaphore("soak", 2).acquire()).fencingToken % 2 === 0) await later(1);
      return n;
    case "exit with permit":
      await context.semaphore("soak", 2).acquire();
      return process.exit(n % 3);
    case "channel": {
      const channel = context.channel<number>("soak", { capacity: 8, overflow: "drop-oldest" });
      await channel.send(n);
      await channel.tryReceive();
      return n;
    }
    case "crash later":
      setTimeout(() => {
        throw new Error(`errand ${n} crashed`);
      }, 1);
      await later(10_000);
      return n;
    default:
      return n;
  }
}

function behave(errand: Errand, context: TaskContext): unknown {
  const { n, kind, length } = errand;
  switch (kind) {
    case "quick":
      return n;
    case "text":
      return `${n} ${"é".repeat(length)}`;
    case "object":
      return { n, values: Array.from({ length }, (_, index) => index) };
    case "compute":
      compute(length);
      return n;
    case "deaf":
      for (;;);
    case "throw":
      throw new RangeError(`errand ${n}`);
    case "throw null":
      throw null;
    case "exit":
      return process.exit(n % 3);
    case "out of memory": {
      // In small pieces: an allocation larger than Node's reserve ends the whole process.
      let kept: object = {};
      for (;;) kept = { kept };
    }
    case "not cloneable":
      return { n, f: () => n };
    case "progress":
      for (let step = 0; step < length; step++) context.progress(step);
      return n;
    default:
      return act(errand, context);
  }
}

export const soak = defineTasks("soak", import.meta.url, {
  behave,
  /** For maps of plain inputs. */
  double: (n: number): number => {
    if (n % 5_003 === 5_002) throw new RangeError(`errand ${n}`);
    return 2 * n;
  },
  *count(length: number): Generator<number, number> {
    for (let item = 0; item < length; item++) {
      if (item === 1_313) process.exit(3);
      yield item;
    }
    return length;
  },
});
