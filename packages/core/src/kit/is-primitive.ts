/** Whether a value shares nothing with others, and travels anywhere. */
export const isPrimitive = (value: unknown): boolean =>
  value === null ||
  (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");
