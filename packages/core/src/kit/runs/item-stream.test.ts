import { describe, expect, it } from "vitest";
import { listeners, makePlace, type Place, stateOf, turn } from "../../../test/place.ts";
import type { StreamOptions } from "../../run-options.ts";
import type { TaskRun } from "./task-run.ts";

function* task(): Generator<unknown, string> {
  yield 1;
  return "result";
}

const reason = { why: "enough" };

const over = { done: true, value: undefined };

/** A stream whose items come when a test pushes them. */
function startStream(
  options: StreamOptions = {},
  place: Place = makePlace(),
): Place & {
  readonly stream: AsyncGenerator<unknown, unknown, void>;
  readonly push: (...items: unknown[]) => void;
} {
  const stream = place.executor.stream(task, undefined, options);
  const push = (...items: unknown[]): void => {
    for (const item of items) runOf(place).items?.push(item);
  };
  return { ...place, stream, push };
}

const runOf = ({ engine }: Place): TaskRun => engine.running[0] as TaskRun;

describe("a stream", () => {
  it("starts with the first read, once", async () => {
    const { stream, engine, push } = startStream();
    await turn();
    expect(engine.running).toEqual([]);
    const reads = [stream.next(), stream.next()];
    expect(engine.running).toHaveLength(1);
    push("a", "b");
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: "a" },
      { done: false, value: "b" },
    ]);
  });

  it("gives its items in order, then its result once, then the end", async () => {
    const { stream, engine, push } = startStream();
    const first = stream.next();
    push("a", undefined, null);
    engine.complete("result");
    expect(await first).toEqual({ done: false, value: "a" });
    expect(await stream.next()).toEqual({ done: false, value: undefined });
    expect(await stream.next()).toEqual({ done: false, value: null });
    expect(await stream.next()).toEqual({ done: true, value: "result" });
    expect(await stream.next()).toEqual(over);
  });

  it("fails after the items that came before, once", async () => {
    const { stream, engine, push } = startStream();
    const first = stream.next();
    push("a", "b");
    engine.fail(reason);
    await first;
    expect(await stream.next()).toMatchObject({ value: "b" });
    await expect(stream.next()).rejects.toBe(reason);
    expect(await stream.next()).toEqual(over);
  });

  it("answers reads that wait with the end, the first with the error", async () => {
    const { stream, engine } = startStream();
    const reads = [stream.next(), stream.next()];
    engine.fail(0);
    expect(await stateOf(reads[0])).toEqual({ reason: 0 });
    expect(await stateOf(reads[1])).toEqual({ value: over });
  });

  it("grants half a window at a time, of what was consumed", async () => {
    const { stream, engine, push } = startStream({ window: 4 });
    const first = stream.next();
    push(1, 2, 3, 4);
    await first;
    expect(engine.granted).toEqual([]);
    await stream.next();
    expect(engine.granted).toEqual([2]);
    await stream.next();
    await stream.next();
    expect(engine.granted).toEqual([2, 2]);
  });

  it("counts the items that came while it was started", async () => {
    const place = makePlace();
    const { engine } = place;
    const enqueue = engine.enqueue.bind(engine);
    engine.enqueue = (run) => {
      enqueue(run);
      for (const item of [1, 2]) run.items?.push(item);
    };
    const { stream } = startStream({ window: 2 }, place);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    expect(await stream.next()).toEqual({ done: false, value: 2 });
    expect(engine.granted).toEqual([1, 1]);
  });

  it("rejects with what is wrong with its options at the first read", async () => {
    const { stream } = startStream({ window: 0 });
    await expect(stream.next()).rejects.toMatchObject({ code: "INVALID_OPTION" });
    expect(await stream.next()).toEqual(over);
  });

  it("rejects at once with the reason of its signal", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { stream, push, engine } = startStream({ signal });
    const first = stream.next();
    push("a");
    await first;
    const second = stream.next();
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    push("too late");
    expect(await stream.next()).toEqual(over);
    expect(engine.stopped).toHaveLength(1);
    expect(listeners(signal)).toBe(0);
  });
});

describe("leaving a stream", () => {
  it("before the first read starts nothing", async () => {
    const { stream, engine } = startStream();
    expect(await stream.return("mine")).toEqual({ done: true, value: "mine" });
    expect(await stream.next()).toEqual(over);
    expect(engine.running).toEqual([]);
  });

  it("ends the producer, waits until it has ended, and drops what it still sends", async () => {
    const { stream, engine, push } = startStream();
    const first = stream.next();
    push("a", "b");
    await first;
    const left = stream.return("mine");
    expect(engine.stopped[0]?.reason).toMatchObject({ name: "AbortError" });
    expect(await stateOf(left)).toBe("pending");
    push("c");
    engine.fail(engine.stopped[0]?.reason);
    expect(await left).toEqual({ done: true, value: "mine" });
    expect(await stream.next()).toEqual(over);
  });

  it("while a read is pending answers that read with the end, at once", async () => {
    const { stream, engine } = startStream();
    const pending = stream.next();
    const left = stream.return(undefined);
    expect(await pending).toEqual(over);
    expect(await stateOf(left)).toBe("pending");
    engine.complete();
    expect(await left).toEqual(over);
  });

  it("twice waits twice, and cancels once", async () => {
    const { stream, engine } = startStream();
    void stream.next();
    const left = [stream.return(1), stream.return(2)];
    expect(await stateOf(left[1])).toBe("pending");
    engine.complete();
    expect(await Promise.all(left)).toEqual([
      { done: true, value: 1 },
      { done: true, value: 2 },
    ]);
    expect(engine.stopped).toHaveLength(1);
  });

  it("tells what the producer's finally throws, to the first who leaves", async () => {
    const { stream, engine } = startStream();
    void stream.next();
    const left = stream.return(undefined);
    const again = stream.return(undefined);
    engine.fail("worse");
    await expect(left).rejects.toBe("worse");
    expect(await again).toEqual(over);
  });

  it("after an abort waits for the producer too", async () => {
    const controller = new AbortController();
    const { stream, engine } = startStream({ signal: controller.signal });
    const first = stream.next();
    controller.abort(reason);
    await expect(first).rejects.toBe(reason);
    const left = stream.return(undefined);
    expect(await stateOf(left)).toBe("pending");
    engine.fail(reason);
    expect(await left).toEqual(over);
  });

  it("after the end, or after a failure that was not read, is nothing new", async () => {
    const ended = startStream();
    const last = ended.stream.next();
    ended.engine.complete(1);
    await last;
    expect(await ended.stream.return(undefined)).toEqual(over);

    const failing = startStream();
    const first = failing.stream.next();
    failing.push("a");
    await first;
    failing.engine.fail(reason);
    expect(await failing.stream.return(undefined)).toEqual(over);
    expect(await failing.stream.next()).toEqual(over);
  });

  it("with throw() cancels with that error and rejects with it", async () => {
    const { stream, engine } = startStream();
    void stream.next();
    const thrown = stream.throw(reason);
    expect(engine.stopped[0]?.reason).toBe(reason);
    engine.fail(reason);
    await expect(thrown).rejects.toBe(reason);
  });

  it("by disposing of it works the same", async () => {
    const { stream, engine } = startStream();
    void stream.next();
    const disposed = stream[Symbol.asyncDispose]();
    expect(engine.stopped).toHaveLength(1);
    engine.complete();
    await disposed;
  });

  it("a loop that is left waits for the producer's finally", async () => {
    const place = makePlace();
    const { stream, engine, push } = startStream({}, place);
    const log: string[] = [];
    const loop = (async () => {
      for await (const item of stream) {
        log.push(`item ${String(item)}`);
        break;
      }
      log.push("left");
    })();
    push(1);
    await turn();
    expect(log).toEqual(["item 1"]);
    engine.fail(engine.stopped[0]?.reason);
    await loop;
    expect(log).toEqual(["item 1", "left"]);
  });

  it("from inside the producer's first step ends it", async () => {
    const place = makePlace();
    const { engine } = place;
    const enqueue = engine.enqueue.bind(engine);
    engine.enqueue = (run) => {
      enqueue(run);
      void stream.return(undefined);
      void stream.next();
    };
    const { stream } = startStream({}, place);
    expect(await stream.next()).toEqual(over);
    expect(engine.running).toHaveLength(1);
    expect(engine.stopped).toHaveLength(1);
  });
});
