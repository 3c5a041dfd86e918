import {
  type CircuitOpenError,
  InvalidOptionError,
  isQuintetError,
  withPolicies,
} from "@quintet/core";
import { type VirtualClock, virtualClock } from "@quintet/core/kit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { held, listeners, reason, reasonOf, stateOf, turn, watched } from "../../test/stage.ts";
import {
  circuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  retry,
  timeout,
} from "../index.ts";

const error = new Error("down");

interface Stage {
  readonly clock: VirtualClock;
  readonly breaker: CircuitBreaker;
  readonly call: ReturnType<typeof held>;
  readonly guarded: (input?: unknown, call?: { signal?: AbortSignal }) => Promise<unknown>;
  readonly changes: CircuitState[];
  /** Makes a call that fails or succeeds. */
  readonly run: (ending: "fail" | "succeed") => Promise<void>;
}

function stage(options: CircuitBreakerOptions = {}): Stage {
  const clock = virtualClock();
  const changes: CircuitState[] = [];
  const onStateChange = (state: CircuitState): void => void changes.push(state);
  const breaker = circuitBreaker({ cooldown: 1000, clock, onStateChange, ...options });
  const call = held({ deaf: true });
  const guarded = withPolicies(call, breaker) as Stage["guarded"];
  const run: Stage["run"] = async (ending) => {
    const result = guarded().catch(() => {});
    if (ending === "fail") call.calls.at(-1)?.reject(error);
    else call.calls.at(-1)?.resolve("done");
    await result;
  };
  return { clock, breaker, call, guarded, changes, run };
}

const isOpen = (thrown: unknown): thrown is CircuitOpenError =>
  isQuintetError(thrown, "CIRCUIT_OPEN");

describe("a closed circuit", () => {
  it("hands on values and errors, and opens after five failures in a row", async () => {
    const { breaker, run, call, guarded } = stage();
    for (let i = 0; i < 4; i++) await run("fail");
    await run("succeed");
    for (let i = 0; i < 4; i++) await run("fail");
    expect(breaker.state).toBe("closed");
    await run("fail");
    expect(breaker.state).toBe("open");
    const calls = call.calls.length;
    const refused = await reasonOf(guarded());
    expect(refused).toMatchObject({ code: "CIRCUIT_OPEN", retryAfter: 1000, cause: error });
    expect(call.calls).toHaveLength(calls);
  });

  it("is opened once by several that fail together", async () => {
    const { clock, call, guarded, changes } = stage({ failures: 5 });
    const results = Array.from({ length: 6 }, () => reasonOf(guarded()));
    for (const each of call.calls.slice(0, 5)) each.reject(error);
    await turn();
    await clock.advance(500);
    call.calls[5]?.reject(error); // belongs to the time before, and does not make it longer
    expect(await Promise.all(results)).toEqual(Array.from({ length: 6 }, () => error));
    await clock.advance(500);
    void watched(guarded());
    expect(changes).toEqual(["open", "half-open"]);
  });

  it("counts no call that was aborted, however it ends", async () => {
    const { call, guarded, breaker } = stage({ failures: 1 });
    for (const thrown of [reason, error]) {
      const controller = new AbortController();
      const result = reasonOf(guarded(1, { signal: controller.signal }));
      controller.abort(reason);
      call.calls.at(-1)?.reject(thrown);
      expect(await result).toBe(thrown);
    }
    expect(breaker.state).toBe("closed");
  });

  it("counts only the errors that say the other side is ill", async () => {
    const when = (thrown: unknown): boolean => thrown === error;
    const { call, guarded, breaker, run } = stage({ failures: 2, when });
    await run("fail");
    const result = reasonOf(guarded());
    call.calls.at(-1)?.reject("not found");
    expect(await result).toBe("not found");
    await run("fail");
    expect(breaker.state).toBe("closed");
    await run("fail");
    expect(breaker.state).toBe("open");
  });

  it("rejects with what `when` throws, and counts nothing", async () => {
    const when = (): never => {
      throw reason;
    };
    const { call, guarded, breaker } = stage({ failures: 1, when });
    const result = reasonOf(guarded());
    call.calls.at(-1)?.reject(error);
    expect(await result).toBe(reason);
    expect(breaker.state).toBe("closed");
  });
});

describe("a rate of failures", () => {
  it("opens when that part of the calls of a window has failed, if there were enough", async () => {
    const { breaker, run } = stage({ rate: { ratio: 0.5, window: 1000, least: 10 } });
    for (let i = 0; i < 5; i++) await run("succeed");
    for (let i = 0; i < 4; i++) await run("fail");
    expect(breaker.state).toBe("closed");
    await run("fail");
    expect(breaker.state).toBe("open");
  });

  it("forgets what is older than the window", async () => {
    const { breaker, run, clock } = stage({ rate: { ratio: 0.5, window: 1000, least: 4 } });
    for (let i = 0; i < 3; i++) await run("fail");
    await clock.advance(1100);
    await run("fail");
    expect(breaker.state).toBe("closed");
    for (let i = 0; i < 3; i++) await run("fail");
    expect(breaker.state).toBe("open");
  });

  it("can be had beside failures in a row", async () => {
    const { breaker, run } = stage({ failures: 2, rate: { ratio: 1, least: 99 } });
    await run("fail");
    await run("fail");
    expect(breaker.state).toBe("open");
  });

  it.each([{}, { ratio: 0 }, { ratio: 2 }, { ratio: 1, window: 0 }, { ratio: 1, size: 1 }])(
    "refuses %j",
    (rate) => {
      expect(() => circuitBreaker({ rate: rate as never })).toThrow(InvalidOptionError);
    },
  );
});

describe("a half-open circuit", () => {
  const opened = async (options?: CircuitBreakerOptions): Promise<Stage> => {
    const place = stage({ failures: 1, ...options });
    await place.run("fail");
    await place.clock.advance(1000);
    return place;
  };

  it("is so from its time on, without a timer", async () => {
    const { breaker, clock, run } = stage({ failures: 1 });
    await run("fail");
    expect(clock.pending).toBe(0);
    await clock.advance(999);
    expect(breaker.state).toBe("open");
    await clock.advance(1);
    expect(breaker.state).toBe("half-open");
  });

  it("lets one probe through and refuses the others, and closes when it succeeds", async () => {
    const { call, guarded, changes, run } = await opened();
    const probe = guarded();
    for (let i = 0; i < 5; i++) expect(isOpen(await reasonOf(guarded()))).toBe(true);
    expect(call.calls).toHaveLength(2);
    call.calls[1]?.resolve("done");
    expect(await probe).toBe("done");
    await run("succeed");
    expect(changes).toEqual(["open", "half-open", "closed"]);
  });

  it("opens again when it fails, for the whole time", async () => {
    const { clock, call, guarded, breaker, changes } = await opened();
    await clock.advance(5000);
    const probe = reasonOf(guarded());
    call.calls[1]?.reject(error);
    expect(await probe).toBe(error);
    await clock.advance(999);
    expect(breaker.state).toBe("open");
    await clock.advance(1);
    expect(breaker.state).toBe("half-open");
    expect(changes).toEqual(["open", "half-open", "open"]);
  });

  it("lets as many probes through as it is told, all of which have to succeed", async () => {
    const { call, guarded, breaker } = await opened({ probes: 3 });
    const results = [1, 2, 3].map(() => watched(guarded()));
    expect(isOpen(await reasonOf(guarded()))).toBe(true);
    call.calls[1]?.resolve();
    call.calls[2]?.resolve();
    await Promise.all(results.slice(0, 2));
    expect(breaker.state).toBe("half-open");
    expect(isOpen(await reasonOf(guarded()))).toBe(true);
    call.calls[3]?.resolve();
    await results[2];
    expect(breaker.state).toBe("closed");
  });

  it("gives the place of a probe that is aborted to another", async () => {
    const { call, guarded, breaker } = await opened();
    const controller = new AbortController();
    const probe = reasonOf(guarded(1, { signal: controller.signal }));
    controller.abort(reason);
    call.calls[1]?.reject(error);
    expect(await probe).toBe(error);
    expect(breaker.state).toBe("half-open");
    const next = guarded();
    call.calls[2]?.resolve("done");
    expect(await next).toBe("done");
    expect(breaker.state).toBe("closed");
  });

  it("does not let one that hangs decide: after another cooldown there is a new probe", async () => {
    const { clock, call, guarded, breaker } = await opened();
    void guarded("hangs");
    await clock.advance(999);
    expect(isOpen(await reasonOf(guarded()))).toBe(true);
    await clock.advance(1);
    const next = guarded("another");
    call.calls.at(-1)?.resolve("done");
    expect(await next).toBe("done");
    expect(breaker.state).toBe("closed");
  });

  it("counts no answer to a call from before", async () => {
    const place = stage({ failures: 1 });
    const old = [place.guarded(), reasonOf(place.guarded())];
    await place.run("fail");
    await place.clock.advance(1000);
    const probe = place.guarded();
    place.call.calls[0]?.resolve("old");
    place.call.calls[1]?.reject(error);
    await Promise.all(old);
    expect(place.breaker.state).toBe("half-open");
    place.call.calls.at(-1)?.resolve("new");
    await probe;
    expect(place.breaker.state).toBe("closed");
  });

  describe("whose callers wait for the probe", () => {
    const waiting = { whileProbing: "wait" } as const;

    it("lets them all go on when it succeeds", async () => {
      const { call, guarded } = await opened(waiting);
      const results = [1, 2, 3].map((input) => guarded(input));
      await turn();
      expect(call.calls.slice(1).map(({ input }) => input)).toEqual([1]);
      call.calls[1]?.resolve("done");
      await turn();
      expect(call.calls.slice(1).map(({ input }) => input)).toEqual([1, 2, 3]);
      for (const each of call.calls) each.resolve("done");
      expect(await Promise.all(results)).toEqual(["done", "done", "done"]);
    });

    it("lets who waits probe before a newcomer does when it hangs", async () => {
      const { call, guarded, clock } = await opened(waiting);
      for (const input of ["hangs", "waits"]) void watched(guarded(input));
      await clock.advance(1000);
      void watched(guarded("newcomer"));
      await turn();
      expect(call.calls.slice(1).map(({ input }) => input)).toEqual(["hangs", "waits"]);
    });

    it("refuses them all when it fails", async () => {
      const { call, guarded } = await opened(waiting);
      const results = [1, 2, 3].map((input) => reasonOf(guarded(input)));
      call.calls[1]?.reject(error);
      const [probe, ...others] = await Promise.all(results);
      expect(probe).toBe(error);
      expect(others.map(isOpen)).toEqual([true, true]);
      expect(call.calls).toHaveLength(2);
    });

    it("makes the next one the probe when it is aborted", async () => {
      const { call, guarded, breaker } = await opened(waiting);
      const controller = new AbortController();
      const probe = reasonOf(guarded(1, { signal: controller.signal }));
      const next = guarded(2);
      controller.abort(reason);
      call.calls[1]?.reject(reason);
      expect(await probe).toBe(reason);
      await turn();
      call.calls[2]?.resolve("done");
      expect(await next).toBe("done");
      expect(breaker.state).toBe("closed");
    });

    it("lets one that is aborted go at once", async () => {
      const { call, guarded } = await opened(waiting);
      const controller = new AbortController();
      const { signal } = controller;
      const probe = guarded(1);
      const waits = reasonOf(guarded(2, { signal }));
      await turn();
      controller.abort(reason);
      expect(await waits).toBe(reason);
      expect(listeners(signal)).toBe(0);
      call.calls[1]?.resolve("done");
      expect(await probe).toBe("done");
    });

    it("loses no place of a probe to one that is aborted right when it gets it", async () => {
      for (let gap = 0; gap < 10; gap++) {
        const { call, guarded, breaker } = await opened(waiting);
        const [first, second] = [new AbortController(), new AbortController()];
        const probe = reasonOf(guarded(1, { signal: first.signal }));
        const next = reasonOf(guarded(2, { signal: second.signal }));
        await turn();
        first.abort(reason);
        call.calls[1]?.reject(reason);
        for (let step = 0; step < gap; step++) await Promise.resolve();
        second.abort(reason);
        await turn();
        call.calls[2]?.reject(reason); // where it was called before the abort
        expect(await Promise.all([probe, next])).toEqual([reason, reason]);
        const last = guarded("last");
        await turn();
        expect(call.calls.at(-1)?.input).toBe("last");
        call.calls.at(-1)?.resolve("done");
        expect(await last).toBe("done");
        expect(breaker.state).toBe("closed");
      }
    });

    it("still refuses at once while it is open", async () => {
      const { guarded, run } = stage({ failures: 1, ...waiting });
      await run("fail");
      expect(isOpen(await reasonOf(guarded()))).toBe(true);
    });
  });
});

describe("beside other policies", () => {
  it("counts what is late where the timeout is inside, and not where it is outside", async () => {
    for (const isInside of [true, false]) {
      const clock = virtualClock();
      const breaker = circuitBreaker({ failures: 1, clock });
      const bound = timeout(100, { clock });
      const policies = isInside ? [breaker, bound] : [bound, breaker];
      const late = reasonOf(withPolicies(held(), ...policies)(1));
      await clock.advance(100);
      expect(await late).toMatchObject({ code: "TIMEOUT" });
      expect(breaker.state).toBe(isInside ? "open" : "closed");
    }
  });

  it("is not tried again by a retry outside, which stops at once", async () => {
    const clock = virtualClock();
    let calls = 0;
    const guarded = withPolicies(
      () => {
        calls++;
        throw error;
      },
      retry({ attempts: 9, backoff: { base: 0 } }),
      circuitBreaker({ failures: 2, clock }),
    );
    expect(await reasonOf(guarded())).toMatchObject({ code: "CIRCUIT_OPEN", cause: error });
    expect(calls).toBe(2);
  });
});

it("calls nothing for a signal that was aborted before", async () => {
  const { call, guarded } = stage();
  await expect(guarded(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(call.calls).toHaveLength(0);
});

it.each([
  { failures: 0 },
  { cooldown: 0 },
  { probes: 0 },
  { probes: Infinity },
  { whileProbing: "hope" },
  { when: 5 },
  { threshold: 5 },
])("refuses %j", (options) => {
  expect(() => circuitBreaker(options as never)).toThrow(InvalidOptionError);
});

it("whatever happens, lets no more probe than it may, leaves nobody waiting, and recovers", async () => {
  const action = fc.constantFrom("call", "fail", "succeed", "abort", "time");
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom("reject" as const, "wait" as const),
      async (actions, probes, whileProbing) => {
        const place = stage({ failures: 2, probes, whileProbing });
        const open: { controller: AbortController; result: Promise<unknown> }[] = [];
        for (const act of actions) {
          const running = place.call.calls.filter((each) => !ended.has(each));
          if (act === "call") {
            const controller = new AbortController();
            const { signal } = controller;
            open.push({ controller, result: place.guarded(1, { signal }).catch(() => {}) });
          } else if (act === "time") await place.clock.advance(400);
          else if (act === "abort") open.at(-1)?.controller.abort(reason);
          else if (running[0]) {
            ended.add(running[0]);
            running[0][act === "fail" ? "reject" : "resolve"](error);
          }
          await turn();
        }
        for (const each of place.call.calls) each.resolve();
        await turn();
        for (const each of place.call.calls) each.resolve();
        for (const { result } of open) expect(await stateOf(result)).not.toBe("pending");
        await place.clock.advance(2000);
        for (let i = 0; i < 3; i++) await place.run("succeed");
        expect(place.breaker.state).toBe("closed");
      },
    ),
    { numRuns: 25 },
  );
}, 30_000);

const ended = new WeakSet<object>();
