const newline = 10;
const word = /\p{L}[\p{L}\p{M}\p{N}]*/gu;
const wordAtEnd = /\p{L}[\p{L}\p{M}\p{N}]*$/u;

/** How far back a word is looked for that the end of a piece may have cut; none is longer. */
const longestWord = 1_000;

/** How far into a file a NUL byte makes it binary; git looks as far. */
const binaryLimit = 8_000;

/** Shorter words say little about a text: "the", "var", "x". */
const shortestCounted = 4;

/** Counts the lines and words of a UTF-8 text that comes in pieces. */
export class TextCount {
  lines = 0;
  /** Runs of letters and digits that begin with a letter. */
  words = 0;
  /** How often each word of four letters or more occurs, in lower case. */
  readonly counts: Map<string, number> = new Map();
  isBinary = false;
  readonly #decoder = new TextDecoder();
  #isFirst = true;
  #endsLine = true;
  #rest = "";

  add(piece: Buffer): void {
    if (this.#isFirst) this.isBinary = piece.subarray(0, binaryLimit).includes(0);
    this.#isFirst = false;
    if (this.isBinary || piece.length === 0) return;
    for (let at = piece.indexOf(newline); at !== -1; at = piece.indexOf(newline, at + 1)) {
      this.lines++;
    }
    this.#endsLine = piece.at(-1) === newline;
    const text = this.#rest + this.#decoder.decode(piece, { stream: true });
    this.#rest = wordAtEnd.exec(text.slice(-longestWord))?.[0] ?? "";
    this.#count(text.slice(0, text.length - this.#rest.length));
  }

  /** Counts what the last piece left open: a line without its end, a word at the very end. */
  finish(): void {
    if (this.isBinary) return;
    this.#count(this.#rest + this.#decoder.decode());
    if (!this.#endsLine) this.lines++;
  }

  #count(text: string): void {
    for (const found of text.toLowerCase().match(word) ?? []) {
      this.words++;
      if (found.length < shortestCounted) continue;
      this.counts.set(found, (this.counts.get(found) ?? 0) + 1);
    }
  }
}
