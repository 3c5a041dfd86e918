import { isQuintetError } from "../errors.ts";

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
 * Throws an error again with the caller's frames below its own stack. Made for `promise.then(undefined, joinStack)`:
 * there V8 follows the promise to the functions that await it, at no cost before the rejection.
 */
export function joinStack(thrown: unknown): never {
  try {
    if (thrown instanceof Error && !knowsCaller(thrown)) {
      // Only this function is on the stack itself. The frames behind it need not say "async": source maps lose it.
      const [, , ...behind] = (new Error("here").stack ?? "").split("\n");
      const frames = behind.filter(
        (line) => line.startsWith("    at ") && !line.includes("processTicksAndRejections"),
      );
      const stack: unknown = thrown.stack;
      if (frames.length > 0 && typeof stack === "string" && !stack.includes(frames[0] as string)) {
        // Not Object.defineProperty, which throws when the error is frozen.
        Reflect.defineProperty(thrown, "stack", {
          value: `${stack}\n${frames.join("\n")}`,
          configurable: true,
          writable: true,
        });
      }
    }
  } catch {
    // A proxy whose traps throw: it is passed on as it came.
  }
  throw thrown;
}

/**
 * Rejects with an error that names who awaits it. Only an error takes this way round: a handler on every result
 * would make a promise more for each. It is rejected later, when V8 can follow it to those who await.
 */
export function joined(thrown: unknown): Promise<never> {
  const later = Promise.withResolvers<never>();
  void Promise.resolve().then(() => later.reject(thrown));
  return later.promise.then(undefined, joinStack);
}
