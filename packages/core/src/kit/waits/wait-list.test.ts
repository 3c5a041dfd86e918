import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WaitList, type WaitNode } from "./wait-list.ts";

type Step =
  | { readonly do: "join"; readonly priority: number; readonly front: boolean }
  | { readonly do: "leave"; readonly which: number }
  | { readonly do: "take" | "peek" | "list" };

const priorities: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(Infinity, -Infinity, 0, -0, 0.5, Number.MAX_VALUE),
  fc.double({ noNaN: true }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      priority: priorities,
      front: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("leave" as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("take" as const, "peek" as const, "list" as const),
    }),
  },
);

/** The same thing as a plain sorted array, too slow and too simple to be wrong. */
class SortedArray {
  readonly waiters: { value: number; priority: number }[] = [];

  join(value: number, priority: number, front: boolean): number {
    const index = this.waiters.findIndex((other) =>
      front ? other.priority <= priority : other.priority < priority,
    );
    this.waiters.splice(index < 0 ? this.waiters.length : index, 0, { value, priority });
    return value;
  }

  leave(value: number): boolean {
    const index = this.waiters.findIndex((waiter) => waiter.value === value);
    if (index >= 0) this.waiters.splice(index, 1);
    return index >= 0;
  }

  values(): number[] {
    return this.waiters.map((waiter) => waiter.value);
  }
}

/** Takes the same random steps with a list and with a sorted array, and compares what they say. */
function expectModelOrder(makeList: () => WaitList<number>): void {
  const compare = (steps: readonly Step[]): void => {
    const list = makeList();
    const model = new SortedArray();
    const nodes: WaitNode<number>[] = [];
    const answers = (each: Step): readonly [unknown, unknown] => {
      if (each.do === "peek") return [list.peek(), model.values()[0]];
      if (each.do === "take") return [list.take(), model.waiters.shift()?.value];
      if (each.do === "join") {
        const value = nodes.length;
        const { front, priority } = each;
        nodes.push(front ? list.rejoin(value, priority) : list.join(value, priority));
        return [value, model.join(value, each.priority, each.front)];
      }
      const node = each.do === "leave" ? nodes[each.which % nodes.length] : undefined;
      return node ? [list.leave(node), model.leave(node.value)] : [[...list], model.values()];
    };
    for (const each of steps) {
      const [actual, expected] = answers(each);
      expect({ ...each, answer: actual }).toEqual({ ...each, answer: expected });
      expect(list.size).toBe(model.waiters.length);
    }
    const rest = model.values();
    expect(rest.map(() => list.take())).toEqual(rest);
    expect(list.take()).toBeUndefined();
  };
  fc.assert(fc.property(fc.array(step, { maxLength: 120 }), compare), { numRuns: 300 });
}

/** A priority that counts how often it is looked at. */
function countedPriorities(): { of(value: number): number; readonly looks: number } {
  let looks = 0;
  const of = (value: number): number => {
    const valueOf = (): number => {
      looks++;
      return value;
    };
    return { valueOf } as unknown as number;
  };
  return {
    of,
    get looks() {
      return looks;
    },
  };
}

describe("the order", () => {
  it("is that of a sorted array, whatever joins and leaves, in any order", () => {
    expectModelOrder(() => new WaitList());
  });

  it("is by priority, first come first within one", () => {
    const list = new WaitList<string>();
    list.join("a");
    list.join("high", 5);
    list.join("b", 0);
    list.join("higher", 6);
    list.join("high too", 5);
    expect([...list]).toEqual(["higher", "high", "high too", "a", "b"]);
  });

  it("has Infinity before and -Infinity after every number", () => {
    const list = new WaitList<string>();
    list.join("last", -Infinity);
    list.join("low", -Number.MAX_VALUE);
    list.join("first", Infinity);
    list.join("high", Number.MAX_VALUE);
    expect([list.take(), list.take(), list.take(), list.take()]).toEqual([
      "first",
      "high",
      "low",
      "last",
    ]);
  });

  it("lets one rejoin at the front of its own priority only", () => {
    const list = new WaitList<string>();
    list.join("high", 1);
    list.join("a");
    list.rejoin("again");
    expect([...list]).toEqual(["high", "again", "a"]);
  });

  it("lets those that rejoin stand behind the ones that are to stay before them", () => {
    const list = new WaitList<number>();
    list.join(7);
    list.join(9, 1);
    for (const value of [3, 5, 1, 8, 4]) list.rejoin(value, 0, (other) => other < value);
    list.join(2);
    expect([...list]).toEqual([9, 1, 3, 4, 5, 7, 8, 2]);
  });
});

describe("leaving", () => {
  it("works once, from anywhere, and not after being taken", () => {
    const list = new WaitList<string>();
    const nodes = ["a", "b", "c"].map((value) => list.join(value));
    const middle = nodes[1] as WaitNode<string>;
    expect(list.leave(middle)).toBe(true);
    expect(list.leave(middle)).toBe(false);
    expect(list.take()).toBe("a");
    expect(list.leave(nodes[0] as WaitNode<string>)).toBe(false);
    expect([...list]).toEqual(["c"]);
  });

  it("lets go of the value, also while its priority stays in use", async () => {
    const list = new WaitList<object>();
    list.join({ stays: true }, 7);
    const gone = new WeakRef(leaveAgain(list));
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
    expect(gone.deref()).toBeUndefined();
    expect(list.size).toBe(1);
  });

  function leaveAgain(list: WaitList<object>): object {
    const value = { leaves: true };
    list.leave(list.join(value, 7));
    return value;
  }
});

describe("the cost", () => {
  it("of 100,000 random priorities is some comparisons each, not a walk along the list", () => {
    const count = 100_000;
    const counted = countedPriorities();
    const list = new WaitList<number>();
    for (let index = 0; index < count; index++) {
      const value = (index * 7919) % count;
      list.join(value, counted.of(value));
    }
    const taken = Array.from({ length: count }, () => list.take());
    expect(taken.every((value, index) => value === count - 1 - index)).toBe(true);
    expect(counted.looks).toBeLessThan(count * 4 * Math.log2(count));
  });

  it("does not grow with the priorities that were in use and are not any more", () => {
    const counted = countedPriorities();
    const list = new WaitList<number>();
    list.join(-1, counted.of(-1));
    for (let index = 0; index < 10_000; index++) {
      list.leave(list.join(index, counted.of(index)));
    }
    const before = counted.looks;
    expect([...list]).toEqual([-1]);
    expect(counted.looks - before).toBeLessThan(1000);
  });

  it("of one priority is no comparison at all", () => {
    const counted = countedPriorities();
    const only = counted.of(3);
    const list = new WaitList<number>();
    for (let index = 0; index < 1000; index++) list.join(index, only);
    for (let index = 0; index < 1000; index++) list.take();
    expect(counted.looks).toBe(0);
  });
});

describe("the comparison with a sorted array", () => {
  const broken: Record<string, new () => WaitList<number>> = {
    "keeps one that left": class extends WaitList<number> {
      override leave(): boolean {
        return true;
      }
    },
    "drops the next one with one that leaves": class extends WaitList<number> {
      override leave(waiter: WaitNode<number>): boolean {
        const left = super.leave(waiter);
        if (left) super.take();
        return left;
      }
    },
    "lets newcomers pass": class extends WaitList<number> {
      override join(value: number, priority: number): WaitNode<number> {
        return super.rejoin(value, priority);
      }
    },
    "takes priorities for whole numbers": class extends WaitList<number> {
      override join(value: number, priority: number): WaitNode<number> {
        return super.join(value, Math.trunc(priority));
      }
    },
  };

  it.each(Object.keys(broken))("catches a list that %s", (name) => {
    const Broken = broken[name] as new () => WaitList<number>;
    expect(() => expectModelOrder(() => new Broken())).toThrow(/Property failed/);
  });
});
