import { inspect } from "node:util";

/** A subject gave a wrong output: whatever was measured is worth nothing. */
export class MismatchError extends Error {
  override readonly name = "MismatchError";
}

/** Compares an output with what it has to be. *Errors*: `MismatchError`. */
export function verify(what: string, expected: unknown, got: unknown): void {
  if (Object.is(expected, got)) return;
  throw new MismatchError(`${what}: expected ${inspect(expected)}, got ${inspect(got)}.`);
}
