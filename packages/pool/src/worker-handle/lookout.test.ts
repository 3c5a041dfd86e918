import { virtualClock, type VirtualClock } from "@quintet/core/kit";
import { describe, expect, it, vi } from "vitest";
import { Lookout } from "./lookout.ts";
import type { WorkerHandle } from "./worker-handle.ts";

interface Scene {
  readonly lookout: Lookout;
  readonly clock: VirtualClock;
  readonly look: ReturnType<typeof vi.fn<() => void>>;
  /** Up to where the worker completes before it rings; nothing while it is not to. */
  mark: number | undefined;
  /** What its worker holds first begins while it goes to rest. */
  begins: boolean;
  /** Turns the event loop. */
  turn(): void;
  /** Rests after a look up to position 100. */
  rest(
    found: number,
    traits?: { readonly held?: number; readonly pace?: number; readonly looksItself?: boolean },
  ): boolean;
}

function scene(): Scene {
  const clock = virtualClock();
  const look = vi.fn<() => void>();
  const lookout = new Lookout(clock, look);
  const calls: (() => void)[] = [];
  const stage: Scene = {
    lookout,
    clock,
    look,
    mark: undefined,
    begins: false,
    turn() {
      for (const call of calls.splice(0)) call();
    },
    rest(found, { held = 0, pace, looksItself = false } = {}) {
      stage.mark = undefined;
      let running = false;
      const hear = (_: number, mark: number): boolean => {
        stage.mark = mark;
        running = stage.begins;
        return true;
      };
      const isRunning = (): boolean => running;
      const first = { started: false, place: { tellsStart: true, position: 100 } };
      const soon = (call: () => void): void => void calls.push(call);
      const link = looksItself
        ? { ring: { hear, looksItself, isRunning } }
        : { soon, ring: { hear, looksItself, isRunning } };
      const lane = { head: 100, first: () => first };
      const worker = { state: "up", held, pace, lane, link } as unknown as WorkerHandle;
      return lookout.rest(worker, 100, found);
    },
  };
  return stage;
}

describe("a lookout", () => {
  it("is told of the next answer while there are few", async () => {
    const stage = scene();
    expect(stage.rest(0, { held: 1, pace: 0.001 })).toBe(true);
    expect(stage.mark).toBe(101);
    await stage.clock.advance(1_000);
    expect(stage.look).not.toHaveBeenCalled();
  });

  it("does not rest where the first run has begun since: its bell was not to be heard", () => {
    const stage = scene();
    stage.begins = true;
    expect(stage.rest(0, { held: 1, pace: 0.001 })).toBe(false);
    expect(stage.rest(0, { held: 1, looksItself: true })).toBe(false);
  });

  it("looks once in the next turn, without being told, where much was found", async () => {
    const stage = scene();
    expect(stage.rest(30, { held: 64, pace: 0.001 })).toBe(true);
    expect(stage.mark).toBeUndefined();
    expect(stage.rest(30, { held: 64, pace: 0.001 })).toBe(true);
    stage.turn();
    expect(stage.look).toHaveBeenCalledOnce();
  });

  it("is told when half of many short runs are completed, and looks by itself should that take long", async () => {
    const stage = scene();
    stage.rest(10, { held: 400, pace: 0.001 });
    expect(stage.mark).toBe(300);
    await stage.clock.advance(1);
    expect(stage.look).not.toHaveBeenCalled();
    await stage.clock.advance(1);
    expect(stage.look).toHaveBeenCalledOnce();
  });

  it.each([
    ["are not short", { held: 400, pace: 0.1 }],
    ["have shown no length", { held: 400 }],
    ["are few", { held: 31, pace: 0.001 }],
  ])("is told of each while runs %s", (_, traits) => {
    const stage = scene();
    stage.rest(1, traits);
    expect(stage.mark).toBe(101);
  });

  it.each([
    ["of half of many", { held: 400, pace: 0.01 }, 300],
    ["of two together, however few there are", { held: 0, pace: 0.01 }, 102],
    ["of each where they are longer", { held: 400, pace: 0.06 }, 101],
    ["of each where they have shown no length", { held: 400 }, 101],
  ])("is told %s where the ring looks itself, and does not", async (_, traits, mark) => {
    const stage = scene();
    stage.rest(10, { ...traits, looksItself: true });
    expect(stage.mark).toBe(mark);
    stage.rest(0, { ...traits, looksItself: true });
    expect(stage.mark).toBe(101);
    await stage.clock.advance(10);
    expect(stage.look).not.toHaveBeenCalled();
  });

  it("is told of each again, and looks no more by itself, once there is nothing to be found", async () => {
    const stage = scene();
    stage.rest(10, { held: 400, pace: 0.001 });
    stage.rest(0, { held: 400, pace: 0.001 });
    expect(stage.mark).toBe(101);
    await stage.clock.advance(10);
    expect(stage.look).not.toHaveBeenCalled();
  });
});
