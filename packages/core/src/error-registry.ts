import { InvalidOptionError } from "./errors.ts";
import { printed } from "./kit/errors/printed.ts";
import { sharedState } from "./kit/shared-state.ts";
import { type ErrorClass, ownErrors } from "./quintet-error.ts";

const registry: Map<string, ErrorClass> = sharedState(
  "errors",
  () => new Map<string, ErrorClass>(),
);

for (const own of ownErrors) registry.set(own.name, own);

/**
 * Makes errors of a class keep that class on their way back from a worker.
 * Call it where both sides run it: in the module that defines the tasks or the class.
 *
 * The constructor is not called on arrival: the error gets the class's prototype and its own properties.
 *
 * *Errors*: `INVALID_OPTION` when the class does not extend `Error`.
 *
 * @example
 * ```ts
 * import { registerError } from "@quintet/core";
 *
 * class PaymentError extends Error {
 *   status = 402;
 * }
 * registerError(PaymentError);
 * ```
 */
export function registerError(errorClass: ErrorClass): void {
  if (!((errorClass?.prototype as unknown) instanceof Error)) {
    throw new InvalidOptionError(
      `registerError() takes a class that extends Error, got ${printed(errorClass)}.`,
    );
  }
  registry.set(errorClass.name, errorClass);
}

/** The registered class of an error, or of a name that came over the wire. */
export function registeredError(name: string): ErrorClass | undefined {
  return registry.get(name);
}
