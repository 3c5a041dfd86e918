import type { Readable } from "node:stream";

/** How much of it is kept. */
const mostCharacters = 2_000;

/** Keeps the end of a worker's stderr, for the error that says why the worker was lost. */
export class StderrTail {
  #text = "";
  readonly #decoder = new TextDecoder();

  /**
   * Listens to a stream that Node passes on. With the worker's `stderr` option instead, reading it would keep the
   * process alive.
   */
  follow(stderr: Readable): void {
    stderr.on("data", (chunk: string | Uint8Array) => this.add(chunk));
  }

  add(chunk: string | Uint8Array): void {
    const text = typeof chunk === "string" ? chunk : this.#decoder.decode(chunk, { stream: true });
    this.#text = (this.#text + text).slice(-mostCharacters);
  }

  /** The last lines, or nothing. */
  get text(): string | undefined {
    return this.#text.trimEnd() || undefined;
  }
}
