import * as fc from "fast-check";
import { expect, it } from "vitest";
import { WaitLine, WaitPlace } from "./wait-line.ts";

class Guest extends WaitPlace {
  readonly number: number;
  readonly priority: number;

  constructor(number: number, priority: number) {
    super();
    this.number = number;
    this.priority = priority;
  }
}

type Step = { readonly join: number } | { readonly leave: number } | "rotate";

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ join: fc.integer({ min: -1, max: 1 }) }),
    fc.record({ leave: fc.nat() }),
    fc.constant("rotate" as const),
  ),
  { maxLength: 100 },
);

it("goes round within the highest priority, as an array does whose first is put behind its equals", () => {
  const compare = (taken: readonly Step[]): void => {
    const line = new WaitLine<Guest>();
    const model: Guest[] = [];
    const all: Guest[] = [];
    const join = (guest: Guest): void => {
      const index = model.findIndex(({ priority }) => priority < guest.priority);
      model.splice(index < 0 ? model.length : index, 0, guest);
    };
    /** Takes a step with both, and gives what both say. */
    const take = (step: Step): readonly [unknown, unknown] => {
      if (step === "rotate") {
        const first = model.shift();
        if (first) join(first);
        return [line.rotate(), first];
      }
      if ("join" in step) {
        const guest = new Guest(all.length, step.join);
        all.push(guest);
        join(guest);
        return [line.join(guest, step.join), undefined];
      }
      const guest = all[step.leave % all.length];
      if (!guest) return [undefined, undefined];
      const index = model.indexOf(guest);
      if (index >= 0) model.splice(index, 1);
      return [line.leave(guest), index >= 0];
    };
    for (const step of taken) {
      const [answer, expected] = take(step);
      expect(answer).toBe(expected);
      expect([...line]).toEqual(model);
      expect(line.size).toBe(model.length);
    }
  };
  fc.assert(fc.property(steps, compare), { numRuns: 300 });
});
