import type { Kind } from "./soak.tasks.ts";

/** Of each kind how often, and how long at most. */
const kinds: readonly (readonly [Kind, weight: number, length: number])[] = [
  ["quick", 60, 0],
  ["text", 12, 150],
  ["object", 8, 50],
  ["compute", 6, 4],
  ["wait", 6, 5],
  ["obey", 2, 0],
  ["deaf", 0.4, 0],
  ["throw", 3, 0],
  ["throw null", 1, 0],
  ["reject", 2, 0],
  ["exit", 0.5, 0],
  ["crash later", 0.3, 0],
  ["out of memory", 0.04, 0],
  ["not cloneable", 1, 0],
  ["progress", 2, 20],
  ["permit", 3, 0],
  ["exit with permit", 0.2, 0],
  ["channel", 2, 0],
];

/** What ends without a signal, a bound or a close only by being stopped. */
export const endless: ReadonlySet<Kind> = new Set(["obey", "deaf"]);

/** What takes its worker with it. */
export const fatal: ReadonlySet<Kind> = new Set([
  "exit",
  "exit with permit",
  "crash later",
  "out of memory",
]);

/** A kind at random, as often as it is to come, and how long it is at most. */
export function anyKind(random: () => number): readonly [Kind, number] {
  let roll = random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight, length] of kinds) if ((roll -= weight) < 0) return [kind, length];
  return ["quick", 0];
}
