import type { Inspection, Party } from "../../inspection.ts";
import type { Clock } from "../clock/clock.ts";
import { systemClock } from "../clock/system-clock.ts";
import { type Rules, typed, validateOptions } from "../options/validate.ts";
import type { LotOwner } from "../waits/parking-lot.ts";

/** Options that every primitive has. */
export interface PrimitiveOptions {
  /** For messages and inspections. Default: its kind and a number, as in `"mutex#3"`. */
  readonly name?: string | undefined;
  /** Where timeouts take their time from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export const primitiveRules: Rules<PrimitiveOptions> = /* @__PURE__ */ (() => ({
  name: typed("string"),
  clock: typed("object"),
}))();

/** Counted over all primitives, so that two without a name are told apart. */
let count = 0;

/** What all primitives have in common: a name, a clock, and a way to look at them. */
export abstract class Primitive implements LotOwner {
  readonly kind: string;
  readonly clock: Clock;
  readonly #name: string | undefined;
  readonly #number: number = ++count;

  constructor(kind: string, options: PrimitiveOptions | undefined) {
    const { name, clock } = options ? validateOptions(`${kind}()`, options, primitiveRules) : none;
    this.kind = kind;
    this.clock = clock ?? systemClock;
    this.#name = name;
  }

  get name(): string {
    return this.#name ?? `${this.kind}#${this.#number}`;
  }

  inspect(): Inspection {
    const { kind, name } = this;
    return { kind, name, state: this.state(), holders: this.holders(), waiters: this.waiters() };
  }

  /** What a primitive of this kind knows about itself. */
  protected abstract state(): Inspection["state"];

  protected abstract waiters(): Party[];

  protected holders(): Party[] {
    return [];
  }
}

const none: PrimitiveOptions = {};
