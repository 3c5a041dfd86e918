import { closeSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

/** 64 KiB, of which most files need no second, and then 1 MiB at a time. */
const first = 1 << 16;
const later = 1 << 20;

/**
 * Reads a file in pieces, so that a large one does not fill the memory; an empty file is one empty piece.
 * Where a file is cut depends on its length alone.
 *
 * *Cancellation*: is seen before each piece; the event loop turns there, for signals to get through.
 * *Cost*: reads synchronously: from the disk's cache, a read takes less time than handing it over to have it done.
 */
export async function* piecesOf(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  await setImmediate();
  signal.throwIfAborted();
  const file = openSync(path, "r");
  try {
    for (let size = first; ; size = later) {
      const buffer = Buffer.allocUnsafe(size);
      const length = readSync(file, buffer, 0, size, null);
      if (length > 0 || size === first) yield buffer.subarray(0, length);
      // Only the end of a file is shorter than was asked for.
      if (length < size) return;
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    closeSync(file);
  }
}
