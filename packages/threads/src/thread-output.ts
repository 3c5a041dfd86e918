import type { TaskOutput } from "@quintet/core";

/** What code in a thread wrote and no task's caller asked for. */
export type PrintReport = readonly [
  "print",
  stream: TaskOutput["stream"],
  chunk: string | Uint8Array,
];

// Kept, because a task may overwrite globals.
const { Buffer, process, Uint8Array: Bytes } = globalThis;

/** What a stream for writing is made of. */
interface Writer {
  _writev?: ((chunks: Written[], done: () => void) => void) | undefined;
}

interface Written {
  readonly chunk: string | Uint8Array;
  readonly encoding: BufferEncoding;
}

/**
 * Takes what is written to stdout and stderr of this thread, the moment it is written. By itself Node sends the first
 * chunk to the parent, and keeps the others until that one has been passed on and this thread listens again: what a
 * task printed could be lost when the program ends with its result, and is not seen while the next one computes.
 */
export function takeOutput(
  take: (stream: TaskOutput["stream"], chunk: string | Uint8Array) => void,
): void {
  for (const name of ["stdout", "stderr"] as const) {
    const property = Object.getOwnPropertyDescriptor(process, name);
    if (!property?.get) continue;
    // A thread that never writes does not even make the streams.
    const get = (): unknown => {
      Object.defineProperty(process, name, property);
      const stream: Writer = process[name];
      // oxlint-disable-next-line no-underscore-dangle -- that is what Node calls it
      stream._writev &&= (chunks, done) => {
        for (const written of chunks) take(name, plain(written));
        done();
      };
      return stream;
    };
    Object.defineProperty(process, name, { ...property, get });
  }
}

/** A copy: a buffer may be part of a large one, and would take all of it along. */
function plain({ chunk, encoding }: Written): string | Uint8Array {
  if (typeof chunk !== "string") return Bytes.from(chunk);
  return encoding === "utf8" ? chunk : Bytes.from(Buffer.from(chunk, encoding));
}
