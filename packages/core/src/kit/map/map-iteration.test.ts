import { describe, expect, it } from "vitest";
import { listeners, makePlace, type Place, stateOf, today, turn } from "../../../test/place.ts";
import { InvalidOptionError, ResultsConsumedError, TimeoutError } from "../../errors.ts";
import type { MapOptions, MapProgress } from "../../run-options.ts";

const task = (input: unknown): unknown => input;

const reason = { why: "enough" };

/** A source that tells what is asked of it. */
class Source<T> implements Iterable<T> {
  readonly #values: readonly T[];
  read = 0;
  returned = 0;

  constructor(...values: T[]) {
    this.#values = values;
  }

  [Symbol.iterator](): Iterator<T> {
    return {
      next: () =>
        this.read < this.#values.length
          ? { done: false, value: this.#values[this.read++] as T }
          : { done: true, value: undefined },
      return: () => {
        this.returned++;
        return { done: true, value: undefined };
      },
    };
  }
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

const inputs = (place: Place): unknown[] => place.engine.running.map((run) => run.input);

/** Starts a map that settles nothing by itself, with all its tasks side by side. */
function startMap(
  source: Iterable<unknown> | AsyncIterable<unknown>,
  options: MapOptions = {},
  place: Place = makePlace({ slots: 100 }),
): Place & { readonly map: AsyncIterator<unknown, undefined, void> } {
  const { settle, ...rest } = options;
  const results = settle
    ? place.executor.map(task, source, { ...rest, settle: true })
    : place.executor.map(task, source, rest);
  return { ...place, map: results[Symbol.asyncIterator]() };
}

/** Ends the run of one input. */
function end({ engine }: Place, input: unknown, error?: unknown): void {
  const index = engine.running.findIndex((run) => run.input === input);
  engine.running.unshift(...engine.running.splice(index, 1));
  if (error === undefined) engine.complete(`result of ${String(input)}`);
  else engine.fail(error);
}

describe("a map", () => {
  it("gives results in the order of the inputs, whatever the order they come in", async () => {
    const place = startMap([1, 2, 3], { concurrency: 3 });
    const results = [1, 2, 3].map(() => place.map.next());
    for (const input of [3, 1, 2]) end(place, input);
    expect(await Promise.all(results)).toEqual(
      [1, 2, 3].map((input) => ({ done: false, value: `result of ${input}` })),
    );
    expect(await place.map.next()).toEqual({ done: true, value: undefined });
  });

  it("gives results as they come, when they need no order", async () => {
    const place = startMap([1, 2, 3], { concurrency: 3, ordered: false });
    const first = place.map.next();
    end(place, 3);
    expect(await first).toMatchObject({ value: "result of 3" });
    end(place, 2);
    end(place, 1);
    expect(await place.map.next()).toMatchObject({ value: "result of 2" });
    expect(await place.map.next()).toMatchObject({ value: "result of 1" });
    expect(await place.map.next()).toMatchObject({ done: true });
  });

  it("starts nothing and reads nothing before it is read", async () => {
    const source = new Source(1);
    const { executor } = makePlace({ immediate: true });
    const results = executor.map(task, source);
    const map = results[Symbol.asyncIterator]();
    await turn();
    expect([source.read, executor.stats().completed]).toEqual([0, 0]);
    await map.next();
    expect([source.read, executor.stats().completed]).toEqual([1, 1]);
  });

  it("keeps `concurrency` tasks under way, by default what the engine names", async () => {
    const place = startMap(range(10), { concurrency: 3 });
    const next = place.map.next();
    expect(inputs(place)).toEqual([0, 1, 2]);
    end(place, 1);
    expect(inputs(place)).toEqual([0, 2, 3]);
    end(place, 0);
    await next;
    const other = startMap(range(10));
    void other.map.next();
    expect(inputs(other)).toEqual([0, 1]);
  });

  it("reads no further than `window` ahead of the consumer, by default twice `concurrency`", async () => {
    const source = new Source(...range(100));
    const place = startMap(source, { concurrency: 2, window: 3 });
    const first = place.map.next();
    for (const input of [1, 2]) end(place, input);
    expect(source.read).toBe(3);
    end(place, 0);
    await first;
    expect(source.read).toBe(4);
    expect(inputs(place)).toEqual([3]);

    const other = new Source(...range(100));
    const wide = startMap(other, { concurrency: 5 });
    void wide.map.next();
    for (const input of range(9)) end(wide, input + 1);
    expect(other.read).toBe(10);
  });

  it("hands inputs over a whole chunk at a time, or what there is room for when idle", async () => {
    const place = startMap(range(20), { concurrency: 4, chunk: 4, window: 100 });
    const next = place.map.next();
    expect(inputs(place)).toEqual([0, 1, 2, 3]);
    for (const input of [1, 2, 3]) end(place, input);
    expect(inputs(place)).toEqual([0]);
    end(place, 0);
    expect(inputs(place)).toEqual([4, 5, 6, 7]);
    await next;
    const narrow = startMap(range(20), { concurrency: 2, chunk: 100 });
    void narrow.map.next();
    expect(inputs(narrow)).toEqual([0, 1]);
  });

  it("answers several reads at a time, each once", async () => {
    const place = startMap([1, 2], { concurrency: 2 });
    const reads = [place.map.next(), place.map.next(), place.map.next(), place.map.next()];
    end(place, 2);
    end(place, 1);
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: "result of 1" },
      { done: false, value: "result of 2" },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it("takes an empty source, a set, a string, and an async source", async () => {
    const { executor } = makePlace({ immediate: true });
    async function* later(): AsyncGenerator<number> {
      yield 1;
      await turn();
      yield 2;
    }
    expect(await executor.map(task, []).toArray()).toEqual([]);
    expect(await executor.map(task, new Set(["a", "b"])).toArray()).toEqual(["a", "b"]);
    expect(await executor.map(task, "ab").toArray()).toEqual(["a", "b"]);
    expect(await executor.map(task, later()).toArray()).toEqual([1, 2]);
  });

  it("takes an endless source, as long as somebody reads", async () => {
    const { executor } = makePlace({ immediate: true });
    let read = 0;
    function* endless(): Generator<number> {
      for (;;) yield read++;
    }
    let sum = 0;
    for await (const value of executor.map(task, endless(), { concurrency: 4 })) {
      sum += value as number;
      if (value === 99) break;
    }
    expect(sum).toBe(4950);
    expect(read).toBeLessThanOrEqual(108);
  });

  it("is not disturbed by tasks that end while they are started: 100,000 of them fail, one after the other", async () => {
    const { executor } = makePlace({ immediate: true, slots: 1 });
    const fail = (_input: number): never => {
      throw reason;
    };
    let rejected = 0;
    const results = executor.map(fail, range(100_000), { settle: true, concurrency: 100_000 });
    for await (const outcome of results) if (outcome.status === "rejected") rejected++;
    expect(rejected).toBe(100_000);
  });

  it("waits for room in a full queue", async () => {
    const place = makePlace({ maxQueue: 0, slots: 1 });
    const { map, executor, engine } = startMap([1, 2, 3], { concurrency: 3 }, place);
    const results = [map.next(), map.next(), map.next()];
    expect(executor.stats()).toMatchObject({ waiting: 2, running: 1 });
    for (const value of ["a", "b", "c"]) engine.complete(value);
    expect(await Promise.all(results)).toMatchObject([
      { value: "a" },
      { value: "b" },
      { value: "c" },
    ]);
  });
});

describe("a task that fails", () => {
  it("ends the map where its result would have come, cancels what comes after it and closes the input", async () => {
    const source = new Source(...range(10));
    const place = startMap(source, { concurrency: 4 });
    const reads = [0, 1, 2].map(() => stateOf(place.map.next()));
    end(place, 2, reason);
    expect(place.engine.stopped.map(({ run }) => run.input)).toEqual([3]);
    expect(source).toMatchObject({ read: 4, returned: 1 });
    end(place, 1);
    end(place, 0);
    expect(await Promise.all(reads)).toMatchObject([
      { value: { value: "result of 0" } },
      { value: { value: "result of 1" } },
      { reason },
    ]);
    expect(await place.map.next()).toEqual({ done: true, value: undefined });
  });

  it("gives way to one before it that fails later", async () => {
    const place = startMap([0, 1, 2], { concurrency: 3 });
    const first = place.map.next();
    end(place, 1, "later in order");
    end(place, 0, "first in order");
    await expect(first).rejects.toBe("first in order");
    expect(await place.map.next()).toMatchObject({ done: true });
  });

  it("ends an unordered map after what is there already", async () => {
    const place = startMap([0, 1, 2], { concurrency: 3, ordered: false });
    const first = place.map.next();
    end(place, 1);
    await first;
    end(place, 0);
    end(place, 2, reason);
    expect(await place.map.next()).toMatchObject({ value: "result of 0" });
    await expect(place.map.next()).rejects.toBe(reason);
    expect(await place.map.next()).toMatchObject({ done: true });
  });

  it.each([null, undefined, 0, ""])("may have thrown %s", async (thrown) => {
    const { executor } = makePlace({ immediate: true });
    const fail = (_input: number): never => {
      throw thrown;
    };
    const map = executor.map(fail, [1])[Symbol.asyncIterator]();
    expect(await stateOf(map.next())).toEqual({ reason: thrown });
  });

  it("with settle is an outcome among others", async () => {
    const place = startMap(["a", "b"], { concurrency: 2, settle: true });
    const reads = [place.map.next(), place.map.next()];
    end(place, "b");
    end(place, "a", reason);
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: { status: "rejected", index: 0, reason } },
      { done: false, value: { status: "fulfilled", index: 1, value: "result of b" } },
    ]);
    expect(await place.map.next()).toMatchObject({ done: true });
  });
});

// What ends a whole map from outside does so in the same way, with every option.
const ways = [true, false].flatMap((settle) =>
  [true, false].map((ordered) => ({ settle, ordered })),
);

describe.each(ways)("a map with %o", (options) => {
  it("rejects at once with the reason of its signal, cancels what runs and starts nothing more", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const source = new Source(...range(10));
    const place = startMap(source, { ...options, signal, concurrency: 2, deadline: today + 1000 });
    const next = place.map.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(inputs(place)).toEqual([0, 1]);
    expect(place.engine.stopped.map((each) => each.reason)).toEqual([reason, reason]);
    expect(source).toMatchObject({ read: 2, returned: 1 });
    expect([listeners(signal), place.clock.pending]).toEqual([0, 0]);
    expect(await place.map.next()).toEqual({ done: true, value: undefined });
  });

  it("rejects at the next read when it was aborted between two reads, and has let go of all before", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const place = startMap(range(10), { ...options, signal, deadline: today + 1000 });
    const first = place.map.next();
    end(place, 0);
    await first;
    controller.abort(0);
    await turn();
    expect([listeners(signal), place.clock.pending]).toEqual([0, 0]);
    await expect(place.map.next()).rejects.toBe(0);
    expect(await place.map.next()).toMatchObject({ done: true });
  });

  it("touches nothing when its signal had aborted before", async () => {
    const source = new Source(1);
    const signal = AbortSignal.abort(null);
    const place = startMap(source, { ...options, signal, deadline: today + 1000 });
    await expect(place.map.next()).rejects.toBe(null);
    expect(source).toMatchObject({ read: 0, returned: 0 });
    expect([listeners(signal), place.clock.pending]).toEqual([0, 0]);
  });

  it("rejects at its deadline, waiting included", async () => {
    const { signal } = new AbortController();
    const place = startMap(range(10), { ...options, deadline: today + 50, signal });
    const next = stateOf(place.map.next(), place.clock.advance(50));
    expect(await next).toMatchObject({ reason: { code: "TIMEOUT" } });
    expect(place.engine.stopped).toHaveLength(2);
    expect([listeners(signal), place.clock.pending]).toEqual([0, 0]);
  });

  it("rejects when its deadline has passed", async () => {
    const place = startMap([1], { ...options, deadline: new Date(today) });
    await expect(place.map.next()).rejects.toBeInstanceOf(TimeoutError);
    expect(inputs(place)).toEqual([]);
    expect(place.clock.pending).toBe(0);
  });

  it("fails with what onProgress throws", async () => {
    const onProgress = (): never => {
      throw reason;
    };
    const place = startMap(range(10), { ...options, onProgress });
    const next = place.map.next();
    end(place, 1);
    await expect(next).rejects.toBe(reason);
    expect(place.engine.stopped.map(({ run }) => run.input)).toEqual([0]);
  });

  it("is cancelled when its reader leaves, in the middle of a read too", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const source = new Source(...range(10));
    const place = startMap(source, { ...options, signal, deadline: today + 1000 });
    const pending = place.map.next();
    const over = { done: true, value: undefined };
    expect(await place.map.return?.()).toEqual(over);
    expect(await pending).toEqual(over);
    expect(await place.map.return?.()).toEqual(over);
    expect(await place.map.next()).toEqual(over);
    expect(place.engine.stopped.map(({ run }) => run.input)).toEqual([0, 1]);
    expect(source).toMatchObject({ read: 2, returned: 1 });
    expect([listeners(signal), place.clock.pending]).toEqual([0, 0]);
  });

  it("does not go on with a task that aborts it while it is started", async () => {
    const controller = new AbortController();
    const place = makePlace({ slots: 10 });
    const { signal } = controller;
    const { engine } = place;
    const enqueue = engine.enqueue.bind(engine);
    engine.enqueue = (run) => {
      enqueue(run);
      if (run.input === 1) controller.abort(reason);
    };
    const { map } = startMap(range(10), { ...options, signal, concurrency: 5 }, place);
    await expect(map.next()).rejects.toBe(reason);
    expect(new Set(engine.stopped.map(({ run }) => run.input))).toEqual(new Set([0, 1]));
    expect(engine.running).toHaveLength(2);
  });
});

describe("a source", () => {
  it("that throws ends the map after the results of what it gave before", async () => {
    const place = makePlace({ slots: 10 });
    function* failing(): Generator<number> {
      yield 1;
      throw reason;
    }
    const { map } = startMap(failing(), { concurrency: 5 }, place);
    const reads = [map.next(), map.next()];
    expect(await stateOf(reads[1])).toBe("pending");
    end(place, 1);
    expect(await reads[0]).toMatchObject({ value: "result of 1" });
    await expect(reads[1]).rejects.toBe(reason);
  });

  it("that throws when it is asked to iterate, or is none, fails the map", async () => {
    const { executor } = makePlace();
    const throwing = {
      [Symbol.iterator](): never {
        throw reason;
      },
    };
    await expect(executor.map(task, throwing).toArray()).rejects.toBe(reason);
    for (const none of [undefined, null, 5, {}, { [Symbol.asyncIterator]: 1 }]) {
      const results = executor.map(task, none as unknown as unknown[]);
      await expect(results.toArray()).rejects.toBeInstanceOf(Error);
    }
    await expect(executor.map(task, 5 as unknown as unknown[]).toArray()).rejects.toBeInstanceOf(
      InvalidOptionError,
    );
  });

  it.each([undefined, null, 5])(
    "that answers %s instead of a step fails the map",
    async (answer) => {
      const { executor } = makePlace({ immediate: true });
      const next = (): never => answer as never;
      const sync = { [Symbol.iterator]: () => ({ next }) };
      const async = { [Symbol.asyncIterator]: () => ({ next: async () => next() }) };
      await expect(executor.map(task, sync).toArray()).rejects.toBeInstanceOf(TypeError);
      await expect(executor.map(task, async).toArray()).rejects.toBeInstanceOf(TypeError);
    },
  );

  it("that never answers does not keep an aborted map, nor its reader who leaves", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let returned = 0;
    const deaf = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          returned++;
          return new Promise<never>(() => {});
        },
      }),
    };
    const { map } = startMap(deaf, { signal });
    const next = map.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    const other = startMap(deaf);
    const pending = other.map.next();
    await other.map.return?.();
    expect(await pending).toMatchObject({ done: true });
    expect(returned).toBe(2);
  });

  it("that is a generator is ended, also when the map ends in the middle of its next()", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const log: string[] = [];
    function* numbers(): Generator<number> {
      try {
        yield 1;
        controller.abort(reason);
        yield 2;
      } finally {
        log.push("closed");
      }
    }
    const { map } = startMap(numbers(), { signal, concurrency: 5 });
    await expect(map.next()).rejects.toBe(reason);
    expect(log).toEqual(["closed"]);
  });

  it("that is async is read one step at a time, and closed while a step is under way", async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    async function* numbers(): AsyncGenerator<number> {
      try {
        log.push("read");
        await gate.promise;
        yield 1;
      } finally {
        log.push("closed");
      }
    }
    const { map } = startMap(numbers(), { concurrency: 5 });
    const pending = [map.next(), map.next()];
    expect(log).toEqual(["read"]);
    await map.return?.();
    expect(await Promise.all(pending)).toMatchObject([{ done: true }, { done: true }]);
    gate.resolve();
    await turn();
    expect(log).toEqual(["read", "closed"]);
  });

  it("that fails to close is heard of by the reader who leaves", async () => {
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: (): never => {
          throw reason;
        },
      }),
    };
    const { map } = startMap(source);
    void map.next();
    await expect(map.return?.()).rejects.toBe(reason);
  });
});

describe("progress", () => {
  it("counts what is done and failed, with the total where it is known", async () => {
    const heard: MapProgress[] = [];
    const onProgress = (progress: MapProgress): number => heard.push(progress);
    const place = startMap([1, 2, 3], { concurrency: 3, settle: true, onProgress });
    void place.map.next();
    end(place, 2);
    end(place, 1, reason);
    expect(heard).toEqual([
      { done: 1, failed: 0, total: 3 },
      { done: 2, failed: 1, total: 3 },
    ]);
    heard.length = 0;
    const unknown = startMap(new Source(1), { onProgress });
    void unknown.map.next();
    end(unknown, 1);
    expect(heard).toEqual([{ done: 1, failed: 0 }]);
  });
});

describe("the results", () => {
  it("are read once", async () => {
    const { executor } = makePlace({ immediate: true });
    const results = executor.map(task, [1]);
    expect(await results.toArray()).toEqual([1]);
    await expect(results.toArray()).rejects.toBeInstanceOf(ResultsConsumedError);
    expect(() => results[Symbol.asyncIterator]()).toThrow(ResultsConsumedError);
  });

  it.each([
    { concurrency: 0 },
    { window: 0 },
    { chunk: 0.5 },
    { timeout: Number.NaN },
    { transfer: [] },
  ])("reject with INVALID_OPTION for %o, and nothing throws before", async (options) => {
    const { executor, engine } = makePlace();
    const results = executor.map(task, [1], options as object);
    await expect(results.toArray()).rejects.toBeInstanceOf(InvalidOptionError);
    expect(engine.running).toEqual([]);
  });

  it("of a closed executor reject, and with settle say so for each input", async () => {
    const { executor } = makePlace();
    await executor.close();
    await expect(executor.map(task, [1]).toArray()).rejects.toMatchObject({ code: "CLOSED" });
    const outcomes = await executor.map(task, [1, 2], { settle: true }).toArray();
    expect(outcomes).toMatchObject([
      { reason: { code: "CLOSED" } },
      { reason: { code: "CLOSED" } },
    ]);
  });
});
