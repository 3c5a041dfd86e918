import type { TaskContext } from "@quintet/core";
import { ConformanceError } from "../conformance-error.ts";
import { passGate, writeLine } from "../signs.ts";
import type { Errand } from "./control-functions.ts";

/** Tasks that yield. */
export const streamFunctions = {
  *count(length: number): Generator<number, string> {
    for (let n = 0; n < length; n++) yield n;
    return `counted ${length}`;
  },

  async *countLater(length: number): AsyncGenerator<number, string> {
    for (let n = 0; n < length; n++) {
      await Promise.resolve();
      yield n;
    }
    return `counted ${length} later`;
  },

  /** Yields its inputs one by one. */
  *items(values: readonly unknown[]): Generator<unknown, number> {
    for (const value of values) yield value;
    return values.length;
  },

  /** Asks by yielding a promise; what it gets is an item. */
  *asks(): Generator<Promise<number> | number, number> {
    const answer = (yield Promise.resolve(20)) as unknown as number;
    yield answer + 1;
    return answer + 2;
  },

  /** Asks in vain, and catches what comes back. */
  *asksInVain(): Generator<Promise<never> | string, string> {
    try {
      yield Promise.reject(new RangeError("no answer"));
      return "not reached";
    } catch (error) {
      yield (error as Error).message;
      return "caught";
    }
  },

  /** Fails after so many items. */
  *failAfter(items: number): Generator<number> {
    for (let n = 0; n < items; n++) yield n;
    throw new ConformanceError(`failed after ${items}`, items);
  },

  /** Yields up to `length` items, and writes at its end how many it has made. */
  *produce({ log, length }: { log: string; length: number }): Generator<number> {
    let made = 0;
    try {
      while (made < length) yield made++;
    } finally {
      writeLine(log, `made ${made}`);
    }
  },

  /** The same, asynchronous. */
  async *produceLater({ log, length }: { log: string; length: number }): AsyncGenerator<number> {
    let made = 0;
    try {
      while (made < length) {
        await Promise.resolve();
        yield made++;
      }
    } finally {
      writeLine(log, `made ${made}`);
    }
  },

  /** Yields twice; waits at its gate in between, and cleans up slowly. */
  async *pause({ log, until }: Errand, { signal }: TaskContext): AsyncGenerator<string, string> {
    writeLine(log, "started");
    try {
      yield "first";
      await passGate(until, signal);
      yield "second";
      return "whole";
    } finally {
      await Promise.resolve();
      writeLine(log, "finally");
    }
  },

  /** Fails while it cleans up. */
  *untidy(): Generator<number> {
    try {
      for (let n = 0; n < 10_000; n++) yield n;
    } finally {
      // oxlint-disable-next-line no-unsafe-finally -- that is what the case is about
      throw new ConformanceError("failed to clean up", 500);
    }
  },

  /** Reports between its items. */
  *reportAndYield(values: readonly unknown[], { progress }: TaskContext): Generator {
    for (const value of values) {
      progress(value);
      yield value;
    }
  },
};
