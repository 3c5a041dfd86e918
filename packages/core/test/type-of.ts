/** Whether two types are the same, not merely assignable. */
type Same<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2
    ? true
    : false;

/** What is claimed of a type. */
export interface TypeClaim<Actual> {
  /** Compiles where the type is this one exactly. */
  is<Expected>(
    ...same: Same<Actual, Expected> extends true ? [] : [Actual, "is not", Expected]
  ): void;
}

/** Begins a claim about the type of a value. For type tests, which nobody runs. */
export declare function typeOf<Actual>(value: Actual): TypeClaim<Actual>;
