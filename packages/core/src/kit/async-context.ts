import { nodeModule } from "./loading/node-module.ts";

interface AsyncHooks {
  readonly AsyncResource: new (type: string) => {
    runInAsyncScope<Args extends unknown[], Returned>(
      call: (...args: Args) => Returned,
      self: undefined,
      ...args: Args
    ): Returned;
  };
}

const hooks = nodeModule("node:async_hooks") as AsyncHooks | undefined;

/** What runs functions in the async context in which it was made. */
export interface AsyncContext {
  runInAsyncScope<Subject, Returned>(
    call: (subject: Subject) => Returned,
    self: undefined,
    subject: Subject,
  ): Returned;
}

/** Takes down the async context of now; nothing where the platform has none. `keepContext` without a function. */
export const asyncContext = (): AsyncContext | undefined =>
  hooks && new hooks.AsyncResource("Quintet");

/**
 * Makes a function that, whoever calls it, runs in the async context of now: it sees the `AsyncLocalStorage`
 * values of this caller. Does nothing where the platform has no async context.
 */
export function keepContext<Args extends unknown[], Returned>(
  call: (...args: Args) => Returned,
): (...args: Args) => Returned {
  if (!hooks) return call;
  // Not `AsyncLocalStorage.snapshot()`, which takes a hundred times as long on older Nodes.
  const resource = new hooks.AsyncResource("Quintet");
  return (...args) => resource.runInAsyncScope(call, undefined, ...args);
}
