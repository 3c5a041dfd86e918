import type { Readable } from "node:stream";

/** How much of it is kept. */
const mostCharacters = 2_000;

/**
 * Keeps the end of a worker's stderr, which Node passes on, for the error that says why the worker was lost.
 * With the worker's `stderr` option instead, reading it would keep the process alive.
 */
export class StderrTail {
  #text = "";

  constructor(stderr: Readable) {
    stderr.setEncoding("utf8");
    stderr.on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-mostCharacters);
    });
  }

  /** The last lines, or nothing. */
  get text(): string | undefined {
    return this.#text.trimEnd() || undefined;
  }
}
