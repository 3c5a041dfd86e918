import { isQuintetError } from "../../errors.ts";

/** Errors that were made elsewhere, whose stack knows nothing of the caller. */
const foreign = new WeakSet<Error>();

/** Marks an error that came from a worker. */
export function markForeign(error: Error): void {
  foreign.add(error);
}

/** Whether an error was made where the caller is, or is no error at all: its stack needs nothing. */
export function knowsCaller(thrown: unknown): boolean {
  try {
    return !(thrown instanceof Error && (foreign.has(thrown) || isQuintetError(thrown)));
  } catch {
    return true; // a proxy whose traps throw
  }
}

/**
 * Throws an error again with the caller's frames below its own stack, where it was made elsewhere. Made for
 * `promise.then(undefined, joinStack)`: there V8 follows the promise to the functions that await it, at no cost
 * before the rejection.
 */
export function joinStack(thrown: unknown): never {
  // Only this function is on the stack itself.
  if (!knowsCaller(thrown)) addFrames(thrown, new Error("here").stack?.split("\n").slice(2));
  throw thrown;
}

/** Like `joinStack`, for errors that were made here as well, but not by those who await. */
export function joinCallers(thrown: unknown): never {
  addFrames(thrown, new Error("here").stack?.split("\n").slice(2));
  throw thrown;
}

/** Puts lines of a stack below an error's own, but for the platform's; does nothing to what is no error. */
export function addFrames(thrown: unknown, lines: readonly string[] = []): void {
  try {
    if (!(thrown instanceof Error)) return;
    // They need not say "async": source maps lose it.
    const frames = lines.filter(
      (line) => line.startsWith("    at ") && !line.includes("processTicksAndRejections"),
    );
    const stack: unknown = thrown.stack;
    if (frames.length === 0 || typeof stack !== "string") return;
    if (stack.includes(frames[0] as string)) return;
    // Not Object.defineProperty, which throws when the error is frozen.
    Reflect.defineProperty(thrown, "stack", {
      value: `${stack}\n${frames.join("\n")}`,
      configurable: true,
      writable: true,
    });
  } catch {
    // A proxy whose traps throw: it is passed on as it came.
  }
}

/**
 * Rejects with an error that names who awaits it. Only an error takes this way round: a handler on every result
 * would make a promise more for each. It is rejected later, when V8 can follow it to those who await.
 */
export function joined(
  thrown: unknown,
  join: (thrown: unknown) => never = joinStack,
): Promise<never> {
  const later = Promise.withResolvers<never>();
  void Promise.resolve().then(() => later.reject(thrown));
  return later.promise.then(undefined, join);
}
