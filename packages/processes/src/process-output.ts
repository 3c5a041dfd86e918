import type { TaskOutput } from "@quintet/core";

// Kept, because a task may overwrite globals.
const { process } = globalThis;

type Done = (error?: Error | null) => void;

/** What a stream for writing is made of. */
interface Writer {
  _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: Done): void;
  _writev?: unknown;
}

/** Offers what is written to stdout and stderr; what is not taken goes the usual way. */
export function takeOutput(
  take: (stream: TaskOutput["stream"], chunk: string | Uint8Array) => boolean,
): void {
  for (const name of ["stdout", "stderr"] as const) {
    const property = Object.getOwnPropertyDescriptor(process, name);
    if (!property?.get) continue;
    // A process that never writes does not even make the streams.
    const get = (): unknown => {
      Object.defineProperty(process, name, property);
      const stream = process[name] as unknown as Writer;
      // oxlint-disable-next-line no-underscore-dangle -- that is what Node calls it
      const write = stream._write.bind(stream);
      Object.assign(stream, {
        _writev: undefined,
        _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: Done): void {
          if (take(name, chunk)) done();
          else write(chunk, encoding, done);
        },
      });
      return stream;
    };
    Object.defineProperty(process, name, { ...property, get });
  }
}
