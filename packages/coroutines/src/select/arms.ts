import { InvalidOptionError, type Selectable } from "@quintet/core";

/** An arm that takes no part, as of `isOpen && door.receiving()`. */
export type DisabledArm = false | null | undefined;

/** What a select waits for: by name, or in an array, where the index is the name. */
export type Arms =
  | { readonly [name: string]: Selectable<unknown> | DisabledArm }
  | readonly (Selectable<unknown> | DisabledArm)[];

type ValueOf<A> = A extends Selectable<infer Value> ? Value : never;

/** Which arm has won, and what it gave. */
export type Selected<A extends Arms> = A extends readonly (infer One)[]
  ? { readonly arm: number; readonly value: ValueOf<One> }
  : {
      [Name in keyof A]: ValueOf<A[Name]> extends never
        ? never
        : { readonly arm: Name; readonly value: ValueOf<A[Name]> };
    }[keyof A];

/** The arms that take part, in the order they were written. */
export interface EnabledArms {
  readonly names: (string | number)[];
  readonly selectables: Selectable<unknown>[];
}

/** Sorts out the disabled ones. *Errors*: `INVALID_OPTION`. */
export function enabledArms(arms: Arms): EnabledArms {
  if (typeof arms !== "object" || arms === null) {
    throw new InvalidOptionError(`select: the arms must be an object, got ${String(arms)}.`);
  }
  const enabled: EnabledArms = { names: [], selectables: [] };
  if (Array.isArray(arms)) {
    for (let index = 0; index < arms.length; index++) add(enabled, index, arms[index]);
  } else {
    for (const name of Object.keys(arms)) add(enabled, name, (arms as Record<string, never>)[name]);
  }
  return enabled;
}

function add(
  { names, selectables }: EnabledArms,
  name: string | number,
  arm: Selectable<unknown> | DisabledArm,
): void {
  if (arm === false || arm === null || arm === undefined) return;
  if (typeof arm.poll !== "function" || typeof arm.park !== "function") {
    throw new InvalidOptionError(
      `select: the arm ${JSON.stringify(name)} must be a Selectable, such as channel.receiving(), ` +
        `or false to disable it; got ${typeof arm}.`,
    );
  }
  names.push(name);
  selectables.push(arm);
}
