import { eventLoop } from "@quintet/async";
import type { TaskContext } from "@quintet/core";
import { piecesOf } from "./pieces.ts";

/**
 * Reads every file once, so that the first place does not pay for a cold disk and lend the others a speed-up
 * they have not earned. A file that cannot be read will say so when it counts.
 */
export async function readAhead(files: readonly string[], signal: AbortSignal): Promise<void> {
  const executor = eventLoop({ name: "read ahead", concurrency: 16 });
  for await (const outcome of executor.map(read, files, { settle: true, signal })) void outcome;
  await executor.close();
}

async function read(path: string, context: TaskContext): Promise<void> {
  for await (const piece of piecesOf(path, context.signal)) void piece;
}
