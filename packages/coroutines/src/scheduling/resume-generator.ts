/** A sync generator, whatever it yields, gets and returns. */
export type SyncGenerator = Generator<unknown, unknown, unknown>;

/** How the generator goes on. */
export interface Resumption {
  readonly how: "next" | "throw" | "return";
  readonly value: unknown;
}

const native = Object.getPrototypeOf(function* () {}.prototype) as SyncGenerator;

/**
 * A function of its own, by whose name one finds on a stack where the generator ends. It calls the platform's methods:
 * each generator function has a prototype of its own, so that V8 would have to look for them anew.
 */
export function resumeGenerator(
  generator: SyncGenerator,
  how: Resumption["how"],
  value: unknown,
): IteratorResult<unknown, unknown> {
  if (how === "next") return native.next.call(generator, value);
  return native[how].call(generator, value);
}
