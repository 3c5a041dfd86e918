import { availableParallelism } from "node:os";

/** A process takes some 50 MB itself; with modules and the values of tasks it is soon more. */
const memoryPerProcess = 128 * 2 ** 20;

/** How many processes there may be where the user names no number: one per processor, as far as memory goes. */
export function mostProcesses(
  parallelism: number = availableParallelism(),
  memory: number = process.availableMemory(),
): number {
  return Math.max(1, Math.min(parallelism, Math.floor(memory / memoryPerProcess)));
}
