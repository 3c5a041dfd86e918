/**
 * State that every copy of the package in this realm shares: two installed versions must agree
 * on which tasks and errors exist and who listens to the trace.
 */
export function sharedState<T>(name: string, create: () => T): T {
  const key = Symbol.for(`quintet.${name}`);
  const realm = globalThis as { [key: symbol]: unknown };
  return (realm[key] ??= create()) as T;
}
