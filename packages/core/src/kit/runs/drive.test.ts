import { describe, expect, it } from "vitest";
import { CreditGate } from "../waits/credit-gate.ts";
import { drive, isSyncGenerator } from "./drive.ts";
import { RunContext } from "./run-context.ts";

const context = (): RunContext => new RunContext("run");

/** Lets every reaction run that is ready. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("hands back what is no generator, as it is", () => {
  const promise = Promise.resolve(1);
  const array = [1, 2];
  const halfGenerator = { next: () => ({ done: true, value: 1 }), [Symbol.iterator]: () => array };
  for (const value of [undefined, null, 0, "text", array, new Map(), promise, halfGenerator]) {
    expect(drive(value, context())).toBe(value);
  }
});

describe("a sync generator", () => {
  function* three(): Generator<number, string> {
    yield 1;
    yield 2;
    yield 3;
    return "end";
  }

  it("gives its result without a promise where nothing is awaited", () => {
    expect(drive(three(), context())).toBe("end");
    const items: unknown[] = [];
    expect(drive(three(), context(), (item) => void items.push(item))).toBe("end");
    expect(items).toEqual([1, 2, 3]);
  });

  it("throws what it throws, at once before the first wait", () => {
    const failing = (function* (): Generator<number> {
      yield 1;
      throw new Error("at once");
    })();
    expect(() => drive(failing, context())).toThrow("at once");
  });

  it("gets the value of a promise it yields; that is no item", async () => {
    const items: unknown[] = [];
    const generator = (function* (): Generator<unknown, unknown, never> {
      const a: number = yield Promise.resolve(20);
      yield "item";
      const b: number = yield Promise.resolve(22);
      return a + b;
    })();
    expect(await drive(generator, context(), (item) => void items.push(item))).toBe(42);
    expect(items).toEqual(["item"]);
  });

  it("gets the rejection of a promise it yields thrown in, and may go on", async () => {
    const reason = new Error("rejected");
    const generator = (function* (): Generator<unknown, unknown> {
      try {
        return yield Promise.reject(reason);
      } catch (error) {
        return error;
      }
    })();
    expect(await drive(generator, context())).toBe(reason);
  });

  it("fails with the rejection it does not catch", async () => {
    const generator = (function* (): Generator {
      yield Promise.reject(null);
    })();
    await expect(drive(generator, context())).rejects.toBe(null);
  });

  it("is paused by the promise that emit gives, until it resolves", async () => {
    const gate = new CreditGate(1);
    const items: unknown[] = [];
    const emit = (item: unknown): void | Promise<void> => {
      const paused = gate.take();
      return paused ? paused.then(() => void items.push(item)) : void items.push(item);
    };
    const result = drive(three(), context(), emit);
    await turn();
    expect(items).toEqual([1]);
    gate.grant(1);
    await turn();
    expect(items).toEqual([1, 2]);
    gate.grant(1);
    expect(await result).toBe("end");
    expect(items).toEqual([1, 2, 3]);
  });

  it("waits a hundred thousand times without a stack or a chain that grows", async () => {
    const generator = (function* (): Generator<Promise<number>, number, number> {
      let sum = 0;
      for (let index = 0; index < 100_000; index++) sum += yield Promise.resolve(1);
      return sum;
    })();
    expect(await drive(generator, context())).toBe(100_000);
  });
});

describe("an async generator", () => {
  it("gives its result, and its items in order", async () => {
    const items: unknown[] = [];
    const generator = (async function* (): AsyncGenerator<number, string> {
      yield 1;
      await turn();
      yield 2;
      return "end";
    })();
    expect(await drive(generator, context(), (item) => void items.push(item))).toBe("end");
    expect(items).toEqual([1, 2]);
  });

  it("fails with what it throws", async () => {
    const generator = (async function* (): AsyncGenerator<number> {
      yield 1;
      throw "text";
    })();
    await expect(drive(generator, context())).rejects.toBe("text");
  });
});

// Each kind of generator is ended in the same way.
const kinds = {
  sync: (log: string[]) =>
    function* (): Generator<unknown, string> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        log.push("closing");
        yield Promise.resolve();
        yield "an item that is too late";
        log.push("closed");
      }
    },
  async: (log: string[]) =>
    async function* (): AsyncGenerator<unknown, string> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        log.push("closing");
        await Promise.resolve();
        yield "an item that is too late";
        log.push("closed");
      }
    },
};

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])("a cancelled %s generator", (kind) => {
  it("runs its whole finally, then fails with the reason; nothing it yields there is an item", async () => {
    const log: string[] = [];
    const items: unknown[] = [];
    const steering = context();
    const ended = drive(kinds[kind](log)(), steering, (item) => {
      items.push(item);
      if (item === 2) steering.cancel("enough");
    });
    await expect(ended).rejects.toBe("enough");
    expect(log).toEqual(["closing", "closed"]);
    expect(items).toEqual([0, 1, 2]);
  });

  it("is ended while it is paused", async () => {
    const log: string[] = [];
    const steering = context();
    const gate = new CreditGate(0);
    const ended = drive(kinds[kind](log)(), steering, () => gate.take());
    await turn();
    expect(log).toEqual([]);
    steering.cancel(0);
    gate.close(0);
    await expect(ended).rejects.toBe(0);
    expect(log).toEqual(["closing", "closed"]);
  });

  it("is ended when emit throws, with that error", async () => {
    const log: string[] = [];
    const refused = new Error("cannot travel");
    const ended = drive(kinds[kind](log)(), context(), () => {
      throw refused;
    });
    await expect(ended).rejects.toBe(refused);
    expect(log).toEqual(["closing", "closed"]);
  });

  it("is ended when emit rejects, with that error", async () => {
    const log: string[] = [];
    const ended = drive(kinds[kind](log)(), context(), () => Promise.reject(undefined));
    await expect(ended).rejects.toBe(undefined);
    expect(log).toEqual(["closing", "closed"]);
  });
});

it("throws what the finally of a cancelled generator throws", async () => {
  const worse = new Error("worse");
  const steering = context();
  const generator = (function* (): Generator<number> {
    try {
      yield 1;
    } finally {
      yield Promise.reject(worse) as never;
    }
  })();
  steering.cancel("enough");
  await expect(drive(generator, steering)).rejects.toBe(worse);
});

it("keeps the result of a generator that was cancelled and ended by itself", async () => {
  const steering = context();
  const generator = (function* (): Generator<unknown, string> {
    steering.cancel("too late");
    return "done";
  })();
  expect(drive(generator, steering)).toBe("done");
});

it("does not go on with a generator that was cancelled while it waited for a promise", async () => {
  const steering = context();
  let wentOn = false;
  const generator = (function* (): Generator {
    yield Promise.resolve();
    wentOn = true;
  })();
  const ended = drive(generator, steering);
  steering.cancel("enough");
  await expect(ended).rejects.toBe("enough");
  expect(wentOn).toBe(false);
});

describe("a sync generator", () => {
  const handmade = {
    next: () => ({ done: true, value: 1 }),
    return: () => ({ done: true, value: 1 }),
    throw: () => ({ done: true, value: 1 }),
  };

  it.each<[string, unknown, boolean]>([
    ["of a function", (function* () {})(), true],
    ["of a function whose prototype was replaced", generatorWithout(), true],
    ["made by hand", { ...handmade, [Symbol.iterator]: () => handmade }, true],
    ["that is async", (async function* () {})(), false],
    ["that is async and made by hand", { ...handmade, [Symbol.asyncIterator]() {} }, false],
    ["that is an iterator of an array", [1][Symbol.iterator](), false],
    ["that has no prototype", Object.create(null), false],
    ["that is a function", function* () {}, false],
    ["that is null", null, false],
  ])("is told: %s", (_what, value, expected) => {
    expect(isSyncGenerator(value)).toBe(expected);
  });

  function generatorWithout(): unknown {
    function* numbers(): Generator<number> {
      yield 1;
    }
    Object.setPrototypeOf(numbers, null);
    return numbers();
  }
});
