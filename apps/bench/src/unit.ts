/** What a figure counts, and which way is better. */
export interface Unit {
  readonly symbol: string;
  readonly better: "more" | "less";
  /** What ratios and spreads are taken of, always above 0. Default: the figure itself. */
  readonly quantity?: (value: number) => number;
}

/** Tasks in a second. */
export const tasksPerSecond: Unit = { symbol: "tasks/s", better: "more" };
/** Items of one map in a second. */
export const itemsPerSecond: Unit = { symbol: "items/s", better: "more" };
/** Messages in a second. */
export const messagesPerSecond: Unit = { symbol: "messages/s", better: "more" };
/** Nanoseconds for each of very many. */
export const nanoseconds: Unit = { symbol: "ns", better: "less" };
/** Microseconds for a task. */
export const microseconds: Unit = { symbol: "µs", better: "less" };
/** Commands that a task takes. */
export const commandsPerTask: Unit = { symbol: "commands", better: "less" };
/** Milliseconds. */
export const milliseconds: Unit = { symbol: "ms", better: "less" };
/** Megabytes of 1,000,000 bytes. */
export const megabytes: Unit = { symbol: "MB", better: "less" };
/** How often faster than one core. */
export const speedUp: Unit = { symbol: "×", better: "more" };
/** How often longer than could be. */
export const slowDown: Unit = { symbol: "×", better: "less" };
/** By how many percent something grew: what is compared is what it grew to, and who shrank is no better than who did not grow. */
export const growth: Unit = {
  symbol: "%",
  better: "less",
  quantity: (percent) => 1 + Math.max(0, percent) / 100,
};

/** Our figure against theirs: above 1 where ours is better, whichever way better is. */
export function ratio(ours: number, theirs: number, unit: Unit): number {
  const { better, quantity = (value: number) => value } = unit;
  const quotient = quantity(ours) / quantity(theirs);
  return better === "more" ? quotient : 1 / quotient;
}

/** Whether a ratio of ours says that the other is better: by more than half a percent, which two decimals show. */
export const isBehind = (ours: number): boolean => ours < 0.995;
