import { InvalidOptionError } from "./errors.ts";
import { printed } from "./kit/errors/printed.ts";
import { sharedState } from "./kit/shared-state.ts";

/** The part of an `AsyncLocalStorage` that is needed to carry its value. */
export interface ContextStore {
  getStore(): unknown;
  run<Returned>(value: never, call: () => Returned): Returned;
}

const registry: Map<string, ContextStore> = sharedState(
  "stores",
  () => new Map<string, ContextStore>(),
);

/**
 * Makes the value of an `AsyncLocalStorage` travel to the tasks of pools whose `carry` option has its name.
 * Call it where both sides run it: in a module that both the caller and the tasks import. Gives the store.
 *
 * *Errors*: `INVALID_OPTION` when it is no such store.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from "node:async_hooks";
 * import { registerStore } from "@quintet/core";
 *
 * export const user = registerStore("user", new AsyncLocalStorage<{ name: string }>());
 * ```
 */
export function registerStore<Store extends ContextStore>(name: string, store: Store): Store {
  const { getStore, run } = Object(store) as Partial<Store>;
  if (typeof name !== "string" || typeof getStore !== "function" || typeof run !== "function") {
    throw new InvalidOptionError(
      `registerStore() takes a name and an AsyncLocalStorage, got ${printed(name)} and ${printed(store)}.`,
    );
  }
  registry.set(name, store);
  return store;
}

/** The store of a name, which may have come over the wire. */
export function registeredStore(name: string): ContextStore | undefined {
  return registry.get(name);
}
