import { reportUncaught } from "@quintet/core/kit";

/** The same in every copy of the package; a symbol, because a `SuppressedError` has a `suppressed` of its own. */
const key: unique symbol = Symbol.for("quintet.suppressed") as never;

/**
 * What else went wrong in a task group that failed with this error: the errors of other tasks and of deferred
 * functions, in the order in which they came. Empty where there was nothing.
 *
 * @example
 * ```ts
 * import { suppressed, taskGroup } from "@quintet/async";
 *
 * const error = await taskGroup(async (group) => {
 *   group.defer(() => Promise.reject(new Error("close failed")));
 *   throw new Error("read failed");
 * }).catch((reason: unknown) => reason);
 * console.log((error as Error).message, suppressed(error).map(String));
 * // => read failed [ 'Error: close failed' ]
 * ```
 */
export function suppressed(error: unknown): readonly unknown[] {
  if (typeof error !== "object" || error === null || !(key in error)) return [];
  return error[key] as unknown[];
}

/**
 * Attaches errors to the one that is thrown, enumerable so that Node prints them. A primitive or a frozen object can
 * carry nothing: then they are uncaught, as errors are that nobody can be given.
 */
export function suppress(error: unknown, others: readonly unknown[]): void {
  if (others.length === 0) return;
  const isOpen = typeof error === "object" && error !== null && Object.isExtensible(error);
  if (!isOpen) return others.forEach(reportUncaught);
  const value = [...suppressed(error), ...others];
  Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
}
