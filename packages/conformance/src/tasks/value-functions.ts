import { move, type Moved, type TaskContext } from "@quintet/core";
import { describeValue } from "../describe-value.ts";
import { nodeModule } from "../node-modules.ts";

const keeper = Symbol.for("quintet.conformance.kept");
const realm = globalThis as { [keeper]?: Map<string, unknown> };

/** The part of a `MessagePort` that a task uses. */
export interface Port {
  postMessage(value: unknown): void;
  close(): void;
}

/** Which process and thread something ran in. */
export interface Place {
  readonly process: number;
  readonly thread: number;
}

/** Where this runs. */
export function placeHere(): Place {
  const { threadId } = nodeModule("node:worker_threads");
  return { process: globalThis.process.pid, thread: threadId };
}

/** What a task saw of its context. */
export interface ContextReport {
  readonly id: string;
  readonly attempt: number;
  readonly cancelled: boolean;
  readonly aborted: boolean;
  readonly sameSignal: boolean;
  readonly hasState: boolean;
}

/** No promise, but awaited like one. */
class Thenable implements PromiseLike<unknown> {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  readonly then: PromiseLike<unknown>["then"];

  constructor(value: unknown) {
    const promise = Promise.resolve(value);
    // oxlint-disable-next-line unicorn/no-thenable -- and this too
    this.then = promise.then.bind(promise);
  }
}

/** Tasks about values: what they get, and what they give back. */
export const valueFunctions = {
  echo: (value: unknown): unknown => value,

  nothing(): void {},

  typeOf: (value: unknown): string => typeof value,

  /** Writes out what arrived, so that the way back proves nothing. */
  describe: (value: unknown): string => describeValue(value),

  later: async (value: unknown): Promise<unknown> => {
    await Promise.resolve();
    return value;
  },

  promised: (value: unknown): Promise<unknown> => Promise.resolve(value),

  thenable: (value: unknown): PromiseLike<unknown> => new Thenable(value),

  /** Changes its input. */
  increment(counter: { count: number }): number {
    counter.count += 1;
    return counter.count;
  },

  giveFunction: (): object => ({ options: { onDone(): void {} } }),

  giveSymbol: (): unknown => Symbol("result"),

  reportFunction(_: unknown, { progress }: TaskContext): void {
    progress({ options: { onDone(): void {} } });
  },

  *yieldFunction(): Generator {
    yield 1;
    yield { options: { onDone(): void {} } };
  },

  /** Leaves something in the global scope under a key, and gives what was there. */
  keep({ key, value }: { key: string; value?: unknown }): unknown {
    const kept = (realm[keeper] ??= new Map());
    const before = kept.get(key);
    kept.set(key, value);
    return before;
  },

  place: (): Place => placeHere(),

  byteSum(bytes: Uint8Array): number {
    let sum = 0;
    for (const byte of bytes) sum += byte;
    return sum;
  },

  addShared: (buffer: SharedArrayBuffer): number => Atomics.add(new Int32Array(buffer), 0, 1),

  /** Gives bytes that move; the second time, how many were left here. */
  moveBytes({
    key,
    length,
  }: {
    key: string;
    length: number;
  }): Moved<Uint8Array<ArrayBuffer>> | number {
    const kept = (realm[keeper] ??= new Map());
    const before = kept.get(key) as Uint8Array | undefined;
    if (before) return before.length;
    const bytes = new Uint8Array(length).fill(7);
    kept.set(key, bytes);
    return move(bytes);
  },

  *yieldMoved(length: number): Generator<Moved<{ bytes: Uint8Array<ArrayBuffer> }>> {
    const bytes = new Uint8Array(length).fill(5);
    yield move({ bytes }, [bytes.buffer]);
  },

  moveWrongly: (): Moved<object> => move({}, [{}]),

  answer({ port, text }: { port: Port; text: string }): void {
    port.postMessage(`${text} yourself`);
    port.close();
  },

  aboutContext(_: unknown, context: TaskContext): ContextReport {
    const { id, attempt, cancelled, signal } = context;
    const sameSignal = context.signal === signal;
    const hasState = context.state !== undefined;
    return { id, attempt, cancelled, aborted: signal.aborted, sameSignal, hasState };
  },

  report(values: readonly unknown[], { progress }: TaskContext): number {
    for (const value of values) progress(value);
    return values.length;
  },
};
