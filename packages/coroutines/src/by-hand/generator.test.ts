import { getEventListeners } from "node:events";
import { InvalidOptionError } from "@quintet/core";
import { describe, expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { type CoroutineBody, generator, go, sleep, spawn, wait } from "../index.ts";

const reason = { why: "enough" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What Python has for generators, and what stands for it here. Python's lines are those of its own documentation's words. */
describe("what Python does with yield", () => {
  // def counter():                      function* counter() {
  //     yield 1                           yield 1;
  //     return 2                          return 2;
  //
  // next(c)            -> 1             await c.next()   -> { done: false, value: 1 }
  // next(c)  StopIteration(2)           await c.next()   -> { done: true, value: 2 }
  // next(c)  StopIteration              await c.next()   -> { done: true, value: undefined }
  it("next() and StopIteration: next(), and done with the value of return", async () => {
    const counter = generator(function* () {
      yield 1;
      return 2;
    });
    expect(await counter.next()).toEqual({ done: false, value: 1 });
    expect(await counter.next()).toEqual({ done: true, value: 2 });
    expect(await counter.next()).toEqual({ done: true, value: undefined });
  });

  // def averager():                     function* averager() {
  //     total, n, average = 0, 0, None    let [total, n, average] = [0, 0];
  //     while True:                       for (;;) {
  //         x = yield average               total += yield average;
  //         total += x; n += 1              average = total / ++n;
  //         average = total / n           }
  //
  // next(a); a.send(10); a.send(30)     await a.next(); await a.next(10); await a.next(30)
  it("send(): next() with a value", async () => {
    const averages = generator(function* (): Generator<number | undefined, void, number> {
      let [total, n]: number[] = [0, 0];
      let average: number | undefined;
      for (;;) {
        total! += yield average;
        average = total! / ++n!;
      }
    });
    expect((await averages.next(0)).value).toBeUndefined();
    expect((await averages.next(10)).value).toBe(10);
    expect((await averages.next(30)).value).toBe(20);
    await averages.return();
  });

  // try: yield 1                        try { yield 1; }
  // except ValueError as e: yield e     catch (error) { yield error; }
  //
  // g.throw(ValueError("x"))            await g.throw(new Error("x"))
  it("throw(): throw(), which the generator may catch and go on", async () => {
    const catching = generator(function* (): Generator {
      try {
        yield 1;
      } catch (error) {
        yield error;
      }
    });
    await catching.next();
    expect(await catching.throw(reason)).toEqual({ done: false, value: reason });
    await expect(catching.throw("not caught")).rejects.toBe("not caught");
    expect(await catching.next()).toEqual({ done: true, value: undefined });
    await expect(catching.throw("over")).rejects.toBe("over");
  });

  // try: yield 1                        try { yield 1; }
  // finally: log("closed")              finally { log("closed"); }
  //
  // g.close()                           await g.return()
  it("close(): return(), which runs finally, also one that waits", async () => {
    const log: string[] = [];
    const closing = generator(function* () {
      try {
        yield 1;
      } finally {
        yield* wait(turn());
        log.push("closed");
      }
    });
    await closing.next();
    expect(await closing.return("early" as never)).toEqual({ done: true, value: "early" });
    expect(log).toEqual(["closed"]);
    expect(await closing.return(undefined as never)).toEqual({ done: true, value: undefined });
  });

  // a generator that yields in answer to close():
  // RuntimeError: generator ignored GeneratorExit
  it("a generator that yields while it is closed: is closed all the same", async () => {
    const deaf = generator(function* () {
      try {
        yield 1;
      } finally {
        yield 2;
      }
    });
    await deaf.next();
    expect(await deaf.return(undefined)).toEqual({ done: true, value: undefined });
  });

  // def outer():                        function* outer() {
  //     x = yield from inner()            const x = yield* inner();
  //     yield x                           yield x;
  it("yield from: yield*, through which values, errors and results go both ways", async () => {
    function* inner(): Generator<string, string, string> {
      let got: string;
      try {
        got = yield "first";
      } catch (error) {
        got = `caught ${String(error)}`;
      }
      return got;
    }
    const outer = generator(function* (): Generator<string, void, string> {
      yield yield* inner();
      yield yield* inner();
    });
    expect((await outer.next("")).value).toBe("first");
    expect((await outer.next("sent")).value).toBe("sent");
    expect((await outer.next("")).value).toBe("first");
    expect((await outer.throw("thrown")).value).toBe("caught thrown");
  });

  // for x in g: …                       for await (const x of g) …
  it("for: for await, which closes it when it is left", async () => {
    const log: unknown[] = [];
    const numbers = generator(function* () {
      try {
        for (let n = 1; ; n++) yield n;
      } finally {
        log.push("closed");
      }
    });
    for await (const n of numbers) {
      log.push(n);
      if (n === 2) break;
    }
    expect(log).toEqual([1, 2, "closed"]);
  });
});

describe("what Python does with async def", () => {
  // x = await other()                   const x = yield* other();
  // y = await future                    const y = yield* wait(promise);
  // await asyncio.sleep(1)              yield* sleep(1000);
  // await asyncio.sleep(0)              yield;
  it("await: yield*, with a coroutine, a promise, a time, or nothing", async () => {
    const clock = handClock();
    const log: number[] = [];
    function* other(): Generator<undefined, number, unknown> {
      yield;
      return 1;
    }
    const done = go(
      function* () {
        log.push(yield* other());
        log.push(yield* wait(Promise.resolve(2)));
        yield* sleep(1000);
        yield;
        log.push(clock.now());
      },
      { clock },
    );
    await clock.advance(1000);
    await done;
    expect(log).toEqual([1, 2, 1000]);
  });

  // task = asyncio.create_task(other())  const task = spawn(other);
  // x = await task                       const x = yield* task;
  // task.cancel()                        task.cancel();
  // try: … except CancelledError: …      try { … } finally { … }
  it("create_task and cancel: spawn, whose handle can be waited for and cancelled", async () => {
    const log: string[] = [];
    const task = spawn(function* () {
      try {
        yield* sleep(1_000_000);
      } finally {
        log.push("cancelled");
      }
    });
    const waiting = go(function* () {
      yield* task;
    });
    await turn();
    task.cancel(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(log).toEqual(["cancelled"]);
  });

  // coro.throw(error)                    task.throw(error);
  it("throw() into a coroutine that runs by itself: throw()", async () => {
    const task = spawn(function* () {
      try {
        yield* sleep(1_000_000);
      } catch (error) {
        return error;
      }
      return "slept";
    });
    await turn();
    task.throw(reason);
    expect(await task.result).toBe(reason);
  });
});

describe("a generator", () => {
  it("is ended where it stands while a next() is pending, where a native one hangs", async () => {
    const log: string[] = [];
    const hanging = generator(function* () {
      try {
        yield* wait(new Promise<never>(() => {}));
      } finally {
        log.push("finally");
      }
    });
    const pending = [hanging.next(), hanging.next()];
    await turn();
    const left = [hanging.return("a" as never), hanging.return("b" as never)];
    expect(await Promise.all(left)).toEqual([
      { done: true, value: "a" },
      { done: true, value: "b" },
    ]);
    expect(await Promise.all(pending)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(log).toEqual(["finally"]);
  });

  it("runs nothing before it is asked, nor when it is left or thrown into before", async () => {
    const log: string[] = [];
    function* body(): Generator<number> {
      log.push("ran");
      yield 1;
    }
    expect(await generator(body).return("x")).toEqual({ done: true, value: "x" });
    await expect(generator(body).throw(reason)).rejects.toBe(reason);
    await turn();
    expect(log).toEqual([]);
  });

  it("answers calls that came together in their order", async () => {
    const numbers = generator(function* (): Generator<number, string, unknown> {
      try {
        yield 1;
        yield 2;
        yield 3;
      } catch (error) {
        yield error as number;
      }
      return "end";
    });
    const calls = [
      numbers.next(),
      numbers.next(),
      numbers.throw(9),
      numbers.next(),
      numbers.next(),
    ];
    expect((await Promise.all(calls)).map(({ value }) => value)).toEqual([
      1,
      2,
      9,
      "end",
      undefined,
    ]);
  });

  it("tells the one who leaves it what its finally throws", async () => {
    const failing = generator(function* () {
      try {
        yield 1;
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- that is what is tested
        throw reason;
      }
    });
    await failing.next();
    await expect(failing.return(undefined as never)).rejects.toBe(reason);
    expect(await failing.next()).toEqual({ done: true, value: undefined });
  });

  it("hands over promises that are sent as they are", async () => {
    const sent = Promise.resolve(1);
    const echo = generator(function* (): Generator<boolean, void, unknown> {
      yield (yield true) === sent;
    });
    await echo.next();
    expect((await echo.next(sent)).value).toBe(true);
    await echo.return();
  });

  it("is not kept by its signal before anybody asks it for something", async () => {
    const { signal } = new AbortController();
    const unasked = generator(
      function* () {
        yield 1;
      },
      { signal },
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    await unasked.next();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await unasked.return();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("ends with the reason of its signal: the pending call, or else the next one, hears of it", async () => {
    const numbers = (signal: AbortSignal): AsyncGenerator<number, void> =>
      generator(
        function* () {
          yield 1;
          yield* wait(new Promise<never>(() => {}));
        },
        { signal },
      );
    const controller = new AbortController();
    const { signal } = controller;
    const [unasked, paused, waiting] = [numbers(signal), numbers(signal), numbers(signal)];
    await paused.next();
    await waiting.next();
    const pending = waiting.next();
    await turn();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    for (const one of [unasked, paused, numbers(signal)]) {
      await turn();
      await expect(one.next()).rejects.toBe(reason);
      expect(await one.next()).toEqual({ done: true, value: undefined });
    }
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("refuses what is none", () => {
    expect(() => generator(5 as unknown as CoroutineBody<void>)).toThrow(InvalidOptionError);
    expect(() => generator(function* () {}, { speed: 1 } as never)).toThrow(InvalidOptionError);
  });
});
