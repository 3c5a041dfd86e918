/** A module that knows nothing of tasks. */
export const double = (n: number): number => n * 2;
