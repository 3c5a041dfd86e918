/** Marks our errors across two copies of the package, where `instanceof` fails. */
export const marker: symbol = Symbol.for("quintet.error");

/** The base of every error Quintet itself throws. `code` is stable, `message` is not. */
export abstract class QuintetError extends Error {
  /** What went wrong, for programs; one page of the documentation lists them all. */
  abstract readonly code: string;

  // On the prototype, because an error that comes from a worker gets only that, not the constructor.
  static {
    Object.defineProperty(QuintetError.prototype, marker, { value: true });
  }
}

/** A class whose instances keep their class when they travel. */
export interface ErrorClass {
  readonly prototype: Error;
  readonly name: string;
}

/** Those of Quintet itself that were named. */
export const ownErrors: ErrorClass[] = [];

/** Names a class, and what it makes, for good: errors travel by their names, which a bundler may make short. */
export const name = (constructor: ErrorClass, value: string): void => {
  const property = { value, configurable: true, writable: true };
  Object.defineProperty(constructor.prototype, "name", property);
  Object.defineProperty(constructor, "name", { value, configurable: true });
  ownErrors.push(constructor);
};
