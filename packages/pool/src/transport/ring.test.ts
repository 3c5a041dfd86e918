import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { nextPosition, type Position, type RunOrder, ringSlots } from "./ring-memory.ts";
import { Ring } from "./ring.ts";
import { longestText, ValueKind } from "../codec/slot-values.ts";

/** The same memory, seen from both ends. */
function bothEnds(): { caller: Ring; worker: Ring } {
  const caller = new Ring();
  return { caller, worker: new Ring(caller.buffer) };
}

type Outcome = ReturnType<typeof Atomics.wait>;

/** Does something at the other end while this one waits; gives how the wait ended. */
function whileWaiting(act: () => void): Outcome[] {
  const wait = Atomics.wait as (cells: Int32Array, ...rest: number[]) => Outcome;
  const outcomes: Outcome[] = [];
  vi.spyOn(Atomics, "wait").mockImplementation((cells, index, value) => {
    act();
    const outcome = wait(cells as unknown as Int32Array, index, Number(value), 0);
    outcomes.push(outcome);
    return outcome;
  });
  return outcomes;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const order: RunOrder = { task: 7, attempt: 2, wishes: 3, window: 64, number: 2 ** 40 + 1 };

/** Just before positions wrap around. */
const lastPosition = 2 ** 31 - 1;
const firstPosition = -(2 ** 31);

const plain = [
  ["undefined", undefined],
  ["null", null],
  ["true", true],
  ["false", false],
  ["zero", 0],
  ["minus zero", -0],
  ["NaN", NaN],
  ["infinity", -Infinity],
  ["the least number", Number.MIN_VALUE],
  ["an integer beyond 32 bits", 2 ** 53 - 1],
  ["an empty string", ""],
  ["a string", "text"],
  ["a string with NUL", "a\0b"],
  ["an emoji", "🪐"],
  ["half an emoji", "\uD83E and \uDE90"],
  ["the longest string that fits", "\uFFFF".repeat(longestText)],
] as const;

const others = [
  ["a longer string", "x".repeat(longestText + 1)],
  ["a bigint", 1n],
  ["an object", {}],
  ["a symbol", Symbol("s")],
  ["a function", () => 1],
] as const;

describe("a run", () => {
  it("is told to the worker in full", () => {
    const { caller, worker } = bothEnds();
    caller.put(5, order, "input", false);
    expect(worker.task(5)).toBe(7);
    expect(worker.attempt(5)).toBe(2);
    expect(worker.wishes(5)).toBe(3);
    expect(worker.window(5)).toBe(64);
    expect(worker.numberAt(5)).toBe(2 ** 40 + 1);
  });

  it.each(plain)("carries %s there and back", (_, value) => {
    const { caller, worker } = bothEnds();
    expect(caller.put(0, order, value, false)).toBe(true);
    expect(worker.inMessage(0)).toBe(false);
    expect(worker.valueAt(0)).toBe(value);
    expect(worker.write(0, 1.5, value)).toBe(true);
    expect(caller.answer(0)).not.toBe(ValueKind.message);
    expect(caller.valueAt(0)).toBe(value);
    expect(caller.numberAt(0)).toBe(1.5);
  });

  it.each(others)("leaves %s to a message, either way", (_, value) => {
    const { caller, worker } = bothEnds();
    expect(caller.put(0, order, value, false)).toBe(false);
    expect(worker.inMessage(0)).toBe(true);
    expect(worker.write(0, 1.5, value)).toBe(false);
    worker.writeMessage(0);
    expect(caller.answer(0)).toBe(ValueKind.message);
  });

  it("whose output does not fit is not taken for one that answered with its input", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, "input", false);
    worker.write(0, 1, {});
    worker.writeMessage(0);
    expect(caller.answer(0)).toBe(ValueKind.message);
  });

  it("can have a plain input that goes by message all the same, with what belongs to it", () => {
    const { caller, worker } = bothEnds();
    expect(caller.put(0, order, "plain", true)).toBe(false);
    expect(worker.inMessage(0)).toBe(true);
  });

  it("whose input will not follow after all is not waited for", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, {}, false);
    caller.empty(0);
    expect(worker.inMessage(0)).toBe(false);
  });

  it("goes from sent to started to running", () => {
    const { caller, worker } = bothEnds();
    caller.put(3, order, 1, false);
    const states: boolean[][] = [];
    const look = (): void => void states.push([caller.hasStarted(3), caller.isRunning(3)]);
    look();
    expect(worker.start(3)).toBe(true);
    look();
    worker.run(3);
    look();
    expect(states).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });

  it("starts once", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, 1, false);
    expect([worker.start(0), worker.start(0)]).toEqual([true, false]);
  });

  it("is either taken back or started, whichever comes first", () => {
    const { caller, worker } = bothEnds();
    for (const position of [0, 1]) caller.put(position, order, 1, false);
    expect([caller.revoke(0), worker.start(0), caller.hasStarted(0)]).toEqual([true, false, false]);
    expect([worker.start(1), caller.revoke(1), caller.hasStarted(1)]).toEqual([true, false, true]);
  });

  it("can be taken back once, and not while it runs", () => {
    const { caller, worker } = bothEnds();
    for (const position of [0, 1]) caller.put(position, order, 1, false);
    expect([caller.revoke(0), caller.revoke(0)]).toEqual([true, false]);
    worker.start(1);
    worker.run(1);
    expect(caller.revoke(1)).toBe(false);
  });
});

describe("a slot", () => {
  it("is independent of all others", () => {
    const { caller, worker } = bothEnds();
    for (let position = 0; position < ringSlots; position++)
      caller.put(position, { ...order, number: position }, `input ${position}`, false);
    for (let position = 0; position < ringSlots; position += 2) worker.start(position);
    for (let position = 0; position < ringSlots; position++) {
      expect(caller.hasStarted(position)).toBe(position % 2 === 0);
      expect(worker.valueAt(position)).toBe(`input ${position}`);
      expect(worker.numberAt(position)).toBe(position);
    }
  });

  it.each([
    ["taken back", (ring: Ring) => ring.revoke(4)],
    ["started", (ring: Ring) => ring.start(4)],
    ["run", (ring: Ring) => [ring.start(4), ring.run(4)]],
  ])("serves the next run in it as if the one before had not been %s", (_, use) => {
    const { caller, worker } = bothEnds();
    caller.put(4, order, {}, false);
    use(caller);
    const next = 4 + ringSlots;
    caller.put(next, order, "next", false);
    expect([caller.hasStarted(next), worker.inMessage(next)]).toEqual([false, false]);
    expect([worker.valueAt(next), worker.start(next)]).toEqual(["next", true]);
  });
});

describe("the flag of a cancelled run", () => {
  it.each([0, 1, ringSlots - 1, lastPosition, firstPosition, -1])(
    "is seen at position %i, and by none that has the slot before or after",
    (position) => {
      const { caller, worker } = bothEnds();
      const next = (position + ringSlots) | 0;
      caller.put(position, order, 1, false);
      expect(worker.isCancelled(position)).toBe(false);
      caller.cancel(position);
      expect(worker.isCancelled(position)).toBe(true);
      expect(worker.isCancelled(next)).toBe(false);
      caller.put(next, order, 1, false);
      expect([worker.isCancelled(position), worker.isCancelled(next)]).toEqual([false, false]);
      caller.cancel(next);
      expect([worker.isCancelled(position), worker.isCancelled(next)]).toEqual([false, true]);
    },
  );
});

describe("positions", () => {
  it("count up, and wrap around", () => {
    expect([0, -1, lastPosition].map(nextPosition)).toEqual([1, 0, firstPosition]);
  });

  it("that wrap around go on through the slots in turn", () => {
    const { caller, worker } = bothEnds();
    const ran: unknown[] = [];
    let position: Position = lastPosition - 2;
    for (let n = 0; n < 6; n++, position = nextPosition(position))
      caller.put(position, order, n, false);
    caller.submit(position);
    position = lastPosition - 2;
    for (; position !== worker.submitted; position = nextPosition(position)) {
      if (worker.start(position)) ran.push(worker.valueAt(position));
      worker.complete(position);
      expect(caller.completed).toBe(nextPosition(position));
    }
    expect(ran).toEqual([0, 1, 2, 3, 4, 5]);
    expect(position).toBe(firstPosition + 3);
  });
});

describe("a worker", () => {
  it("that never said that it sleeps needs no message", () => {
    const { caller } = bothEnds();
    expect(caller.submit(1)).toBe(false);
  });

  it("that listens is sent one message, however much follows", () => {
    const { caller, worker } = bothEnds();
    expect(worker.listen(0)).toBe(true);
    expect([caller.submit(1), caller.submit(2)]).toEqual([true, false]);
  });

  it("does not listen when something was submitted just before", () => {
    const { caller, worker } = bothEnds();
    expect(caller.submit(1)).toBe(false); // no message
    expect(worker.listen(0)).toBe(false);
    expect(caller.submit(2)).toBe(false);
  });

  it("does not listen when something is submitted while it says so", () => {
    const { caller, worker } = bothEnds();
    const sent: boolean[] = [];
    Object.defineProperty(worker, "submitted", {
      get: () => {
        sent.push(caller.submit(1));
        return caller.submitted;
      },
    });
    expect(worker.listen(0)).toBe(false);
    expect(sent).toEqual([true]); // a message that finds nothing to do
    expect(caller.submit(2)).toBe(false);
  });

  it("listens again and is sent a message again", () => {
    const { caller, worker } = bothEnds();
    for (const end of [1, 2]) {
      expect(worker.listen(end - 1)).toBe(true);
      expect(caller.submit(end)).toBe(true);
    }
  });

  it("does not park when something was submitted just before", () => {
    const { caller, worker } = bothEnds();
    caller.submit(1);
    expect(worker.park(0, Infinity)).toBe(true);
  });

  it("that parked in vain is awake", () => {
    const { caller, worker } = bothEnds();
    expect(worker.park(0, 0)).toBe(false);
    expect(caller.submit(1)).toBe(false);
  });

  it("that is not parked is not woken for a message, which it will hear", () => {
    const { caller, worker } = bothEnds();
    worker.listen(0);
    caller.unpark();
    expect(caller.submit(1)).toBe(true); // it still listens
  });

  it.each([
    ["a run", (ring: Ring) => expect(ring.submit(1)).toBe(false)],
    ["a message", (ring: Ring) => ring.unpark()],
  ])("that is parked is woken by %s, and is awake then", (_, wake) => {
    const { caller, worker } = bothEnds();
    const outcomes = whileWaiting(() => wake(caller));
    expect(worker.park(0, 50)).toBe(true);
    expect(outcomes).toEqual(["not-equal"]);
    expect(caller.submit(2)).toBe(false);
  });

  it("that is woken the moment it gives up parking has been woken", () => {
    const { caller, worker } = bothEnds();
    const spy = vi.spyOn(Atomics, "wait").mockImplementation(() => {
      caller.submit(1);
      return "timed-out";
    });
    expect(worker.park(0, 50)).toBe(true);
    expect(spy).toHaveBeenCalledOnce();
  });
});

describe("a run like the one before", () => {
  it("has its input, and nothing else is told of it", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, 1, false);
    expect(caller.putAlike(1, "two")).toBe(true);
    expect([0, 1].map((position) => worker.isAlike(position))).toEqual([false, true]);
    expect([0, 1].map((position) => worker.valueAt(position))).toEqual([1, "two"]);
    expect(worker.inMessage(1)).toBe(false);
    expect([worker.start(1), worker.isCancelled(1)]).toEqual([true, false]);
    caller.cancel(1);
    expect(worker.isCancelled(1)).toBe(true);
  });

  it("is answered as any other", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, 1, false);
    caller.putAlike(1, 2);
    worker.write(0, 0.5, undefined);
    worker.write(1, 0.25, "b");
    const values: unknown[] = [];
    const durations = new Float64Array(2);
    expect(caller.readSome(0, 2, values, durations)).toBe(2);
    expect([values, [...durations]]).toEqual([
      [undefined, "b"],
      [0.5, 0.25],
    ]);
    worker.writeMessage(1);
    expect(caller.readSome(0, 2, values, durations)).toBe(1);
  });

  it("is none whose input does not fit", () => {
    const { caller, worker } = bothEnds();
    caller.put(0, order, 1, false);
    expect(caller.putAlike(1, { a: 1 })).toBe(false);
    expect(worker.isAlike(1)).toBe(false);
  });
});

describe("the bell", () => {
  it("asks for one message, until it is heard", () => {
    const { caller, worker } = bothEnds();
    expect([worker.ring(1), worker.ring(2)]).toEqual([true, false]);
    caller.hear(caller.completed, 3);
    expect([worker.ring(3), worker.ring(4)]).toEqual([true, false]);
  });

  it("is heard before the last look, so that nothing is completed unnoticed", () => {
    const { caller, worker } = bothEnds();
    worker.complete(0);
    worker.ring(1);
    const seen = caller.completed;
    // Between a look and hearing the bell: no message, so that the next look must see it.
    worker.complete(1);
    expect(worker.ring(2)).toBe(false);
    expect(caller.hear(seen, seen + 1)).toBe(false);
    expect(caller.completed).not.toBe(seen);
  });

  it("is not rung before all is completed that the caller waits for, unless nothing more comes", () => {
    const { caller, worker } = bothEnds();
    expect(caller.hear(caller.completed, 3)).toBe(true);
    for (const position of [0, 1]) {
      worker.complete(position);
      expect(worker.ring(position + 1)).toBe(false);
      expect(worker.unheard).toBe(true);
    }
    expect(worker.ring(2, true)).toBe(true);
    expect(worker.unheard).toBe(false);
    expect(caller.hear(2, 3)).toBe(true);
    worker.complete(2);
    expect(worker.ring(3)).toBe(true);
    expect(caller.hear(2, 3)).toBe(false);
  });

  it("is not waited for where the worker sleeps since before it was heard", () => {
    const { caller, worker } = bothEnds();
    worker.ring(1);
    worker.complete(0);
    expect(worker.ring(1)).toBe(false);
    expect(caller.hear(0, 3)).toBe(true);
    expect(worker.listen(0)).toBe(false);
    worker.ring(1, true);
    expect(worker.listen(0)).toBe(true);
    expect(caller.hear(0, 3)).toBe(false);
  });

  it("is not waited for where the positions wrap around", () => {
    const { caller, worker } = bothEnds();
    caller.hear(lastPosition - 1, firstPosition);
    worker.complete(lastPosition - 1);
    expect(worker.ring(lastPosition)).toBe(false);
    worker.complete(lastPosition);
    expect(worker.ring(firstPosition)).toBe(true);
  });
});

describe("a caller that blocks", () => {
  it("does not when something was completed before", () => {
    const { caller, worker } = bothEnds();
    worker.complete(0);
    caller.block(0, Infinity);
    expect(worker.ring(1)).toBe(true);
  });

  it("no longer than it wants hears the bell again", () => {
    const { caller, worker } = bothEnds();
    caller.block(0, 0);
    expect(worker.ring(1)).toBe(true);
  });

  it.each([
    ["a bell", (ring: Ring) => expect(ring.ring(1)).toBe(false)],
    ["an alert", (ring: Ring) => ring.alert()],
  ])("is woken by %s, without a message, and hears the bell again", (_, wake) => {
    const { caller, worker } = bothEnds();
    const outcomes = whileWaiting(() => {
      worker.complete(0);
      wake(worker);
    });
    caller.block(0, 50);
    expect(outcomes).toEqual(["not-equal"]);
    expect(worker.ring(1)).toBe(true);
  });

  it("is the only one who is alerted", () => {
    const { worker } = bothEnds();
    worker.alert();
    expect(worker.ring(1)).toBe(true);
    worker.alert();
    expect(worker.ring(1)).toBe(false);
  });
});

it("lets two threads hand runs over and back, each asleep while the other works", async () => {
  const ring = new Ring();
  const thread = new Worker(new URL("../../test/ring-end.ts", import.meta.url), {
    workerData: ring.buffer,
  });
  // Twice around, from before the wrap.
  const start = (lastPosition - ringSlots) | 0;
  ring.complete(start - 1);
  ring.submit(start);
  await once(thread, "message");
  let position = start;
  for (let n = 0; n < 2 * ringSlots; n++, position = nextPosition(position)) {
    ring.put(position, order, n, false);
    ring.submit(nextPosition(position));
    const begun = performance.now();
    ring.block(position, 10_000);
    expect(performance.now() - begun).toBeLessThan(9_000); // it was woken
    expect(ring.completed).toBe(nextPosition(position));
    expect(ring.valueAt(position)).toBe(`answer to ${n}`);
  }
  ring.put(position, order, "end", false);
  ring.submit(nextPosition(position));
  await once(thread, "exit");
});
