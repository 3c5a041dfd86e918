import { inspect } from "node:util";

/** A subject gave a wrong output: whatever was measured is worth nothing. */
export class MismatchError extends Error {
  constructor(what: string, expected: unknown, got: unknown) {
    super(`${what}: expected ${inspect(expected)}, got ${inspect(got)}.`);
    this.name = "MismatchError";
  }
}

/** Compares an output with what it has to be. *Errors*: `MismatchError`. */
export function verify(what: string, expected: unknown, got: unknown): void {
  if (!Object.is(expected, got)) throw new MismatchError(what, expected, got);
}
