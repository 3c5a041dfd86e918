import { availableParallelism } from "node:os";

/** What this process may use. */
export interface Readings {
  /** Processors: those it may run on, or fewer where a quota allows it less time. */
  readonly parallelism: number;
  /** Bytes it can still get: of the machine, or of its own limit. */
  readonly memory: number;
}

/** A thread takes some 5 MB itself; with modules and the values of tasks it is soon several times as much. */
const memoryPerThread = 64 * 2 ** 20;

/**
 * What Node says. Since libuv 1.49, which Node 22.12 has, it knows not only affinity but also the quota of a cgroup of
 * either version; before 1.51 it took its weight for one too (libuv#4740), and says less than there is.
 */
export function readings(): Readings {
  return { parallelism: availableParallelism(), memory: process.availableMemory() };
}

/** How many threads there may be where the user names no number: one per processor, as far as memory goes; at least one. */
export function mostThreads({ parallelism, memory }: Readings): number {
  return Math.max(1, Math.min(parallelism, Math.floor(memory / memoryPerThread)));
}
