import type { Ending } from "@quintet/core/kit";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { handClock } from "../../test/hand-clock.ts";
import { Routine } from "./routine.ts";
import { Scheduler } from "./scheduler.ts";
import { TimeSlice } from "./time-slice.ts";

/** What a routine does at one of its yields. */
type Act = "give way" | "wait" | "wait for what is there" | "item" | "catch";

/** What is done to the routines from outside. */
type Deed =
  | { readonly do: "answer" | "refuse" | "cancel" | "throw"; readonly which: number }
  | { readonly do: "spend" | "turn" };

const acts = fc.constantFrom<Act>("give way", "wait", "wait for what is there", "item", "catch");
const program = fc.record({
  acts: fc.array(acts, { maxLength: 6 }),
  priority: fc.integer({ min: 0, max: 1 }),
});
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constantFrom("answer" as const, "refuse" as const, "cancel" as const, "throw" as const),
    which: fc.nat(),
  }),
  fc.record({ do: fc.constantFrom("spend" as const, "turn" as const) }),
);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** One routine, and all that can be told of it from outside. */
class Subject {
  readonly endings: Ending[] = [];
  /** What it waits for, if somebody has to answer. */
  pending: PromiseWithResolvers<string> | undefined;
  answered = 0;
  received = 0;
  begun = 0;
  finallies = 0;
  stepsAfterEnd = 0;
  readonly routine: Routine;

  constructor(list: readonly Act[], scheduler: Scheduler, priority: number) {
    this.routine = new Routine(this.#body(list), scheduler, priority, {
      emit: () => undefined,
      ended: (ending) => this.endings.push(ending),
    });
    this.routine.start();
  }

  answer(): void {
    if (!this.pending || this.routine.state !== "waiting") return;
    this.answered++;
    this.pending.resolve("answer");
    this.pending = undefined;
  }

  *#body(list: readonly Act[]): Generator<unknown, string, unknown> {
    this.begun++;
    try {
      for (const act of list) {
        if (this.endings.length > 0) this.stepsAfterEnd++;
        try {
          yield* this.#act(act);
        } catch (error) {
          if (act !== "catch") throw error;
        }
      }
      return "done";
    } finally {
      this.finallies++;
      yield Promise.resolve();
    }
  }

  *#act(act: Act): Generator<unknown, void, unknown> {
    if (act === "item") yield "item";
    else if (act === "wait for what is there") yield Promise.resolve();
    else if (act === "give way") yield;
    else {
      this.pending = Promise.withResolvers();
      if ((yield this.pending.promise) === "answer") this.received++;
    }
  }
}

it("each ends once, runs its finally once, and gets every answer that came, whatever is done to it", async () => {
  const compare = async (
    programs: readonly { acts: readonly Act[]; priority: number }[],
    deeds: readonly Deed[],
  ): Promise<void> => {
    const clock = handClock();
    const scheduler = new Scheduler(new TimeSlice(clock, 2));
    const all = programs.map(({ acts: list, priority }) => new Subject(list, scheduler, priority));
    for (const each of deeds) {
      if (!("which" in each)) {
        if (each.do === "spend") clock.spend(3);
        else await turn();
      } else {
        const subject = all[each.which % all.length] as Subject;
        if (each.do === "answer") subject.answer();
        else if (each.do === "refuse") subject.pending?.reject("refused");
        else if (each.do === "cancel") subject.routine.cancel("cancelled");
        else subject.routine.throw("thrown");
      }
      await Promise.resolve(); // answers get as far as one reaction, or two
    }
    for (const { routine } of all) routine.cancel("over");
    for (let turns = 0; turns < 20; turns++) await turn();
    for (const { endings, begun, finallies, stepsAfterEnd, answered, received } of all) {
      expect(endings).toHaveLength(1);
      expect(finallies).toBe(begun);
      expect(stepsAfterEnd).toBe(0);
      expect(received).toBeLessThanOrEqual(answered);
    }
  };
  const property = fc.asyncProperty(
    fc.array(program, { minLength: 1, maxLength: 4 }),
    fc.array(deed, { maxLength: 30 }),
    compare,
  );
  await fc.assert(property, { numRuns: 150 });
}, 60_000);

it("an answer that has come is received before it is cancelled or thrown into, at every distance", async () => {
  for (const how of ["cancel", "throw"] as const) {
    for (let reactions = 2; reactions < 6; reactions++) {
      const scheduler = new Scheduler(new TimeSlice(handClock(), 2));
      const subject = new Subject(["wait", "give way"], scheduler, 0);
      await turn();
      subject.answer();
      for (let reaction = 0; reaction < reactions; reaction++) await Promise.resolve();
      subject.routine[how]("reason");
      for (let turns = 0; turns < 5; turns++) await turn();
      expect({ how, reactions, received: subject.received }).toEqual({
        how,
        reactions,
        received: 1,
      });
      expect(subject.endings).toEqual(
        subject.endings[0]?.ok ? [{ ok: true, value: "done" }] : [{ ok: false, value: "reason" }],
      );
    }
  }
});
