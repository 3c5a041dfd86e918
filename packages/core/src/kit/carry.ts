import { InvalidOptionError } from "../errors.ts";
import { registeredStore } from "../store-registry.ts";

/** Values of the caller's async context, each under the name of its store. */
export type Carried = readonly (readonly [name: string, value: unknown])[];

/** What the stores of these names hold in the async context of now; nothing when none holds anything. */
export function readStores(names: readonly string[]): Carried | undefined {
  const carried: [string, unknown][] = [];
  for (const name of names) {
    const value = registeredStore(name)?.getStore();
    if (value !== undefined) carried.push([name, value]);
  }
  return carried.length > 0 ? carried : undefined;
}

/** *Errors*: `INVALID_OPTION` for a name that no store is registered under here, which would carry nothing for ever. */
export function checkStores(executor: string, names: readonly string[]): void {
  for (const name of names) {
    if (registeredStore(name)) continue;
    throw new InvalidOptionError(
      `${executor} is to carry ${JSON.stringify(name)}, but no store is registered under that name here. ` +
        `Import the module that calls registerStore().`,
    );
  }
}

/** Calls a function with these values in their stores. One whose store nobody registered here is of no use here. */
export function withStores<Returned>(carried: Carried, call: () => Returned): Returned {
  return carried.reduceRight<() => Returned>((inner, [name, value]) => {
    const store = registeredStore(name);
    return store ? () => store.run(value as never, inner) : inner;
  }, call)();
}
