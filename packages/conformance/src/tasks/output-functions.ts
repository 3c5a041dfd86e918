import type { TaskContext } from "@quintet/core";
import { aborted } from "./control-functions.ts";

/** Tasks that write to stdout and stderr. */
export const outputFunctions = {
  /** Each line to both, one after the other; tells how many there were. */
  async write({ lines, waits }: { lines: readonly string[]; waits: boolean }): Promise<number> {
    for (const line of lines) {
      if (waits) await Promise.resolve();
      // oxlint-disable-next-line no-console -- that is what the case is about
      console.log(line);
      process.stderr.write(`${line}\n`);
    }
    return lines.length;
  },

  /** Byte by byte. */
  writeBytes(bytes: readonly number[]): void {
    for (const byte of bytes) process.stdout.write(Uint8Array.of(byte));
  },

  writeAndThrow(text: string): never {
    process.stdout.write(text);
    throw new RangeError("after that");
  },

  *writeAndYield(last: number): Generator<number> {
    for (let n = 1; n <= last; n++) {
      process.stdout.write(String(n));
      yield n;
    }
  },

  /** Writes, and ends when it is aborted. */
  async writeAndWait(text: string, { signal }: TaskContext): Promise<void> {
    process.stdout.write(text);
    await aborted(signal);
    process.stdout.write(text);
  },
};
