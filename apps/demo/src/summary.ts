import { createHash } from "node:crypto";
import { relative, sep } from "node:path";
import type { FileReport } from "./corpus.tasks.ts";
import type { Failure } from "./find-files.ts";
import { reasonOf } from "./reason.ts";

/** What one place found out about all files; the reports may come in any order. */
export class Summary {
  files = 0;
  binaries = 0;
  bytes = 0;
  gzipped = 0;
  lines = 0;
  words = 0;
  /** One for each file, over all that was found but the words themselves. */
  readonly digests: string[] = [];
  readonly #failures = new Map<number, Failure>();
  readonly #counts = new Map<string, number>();
  readonly #folder: string;

  /** Paths are taken relative to `folder`, so that a corpus has one checksum on every machine. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `index` is the file's place in the list. */
  add(index: number, report: FileReport): void {
    this.files++;
    this.bytes += report.bytes;
    this.gzipped += report.gzipped;
    if (!report.text) this.binaries++;
    const { lines = 0, words = 0, counts = new Map<string, number>() } = report.text ?? {};
    this.lines += lines;
    this.words += words;
    for (const [word, count] of counts) {
      this.#counts.set(word, (this.#counts.get(word) ?? 0) + count);
    }
    const { bytes, gzipped, sha256 } = report;
    this.#digest(index, report.path, {
      bytes,
      gzipped,
      sha256,
      lines,
      words,
      distinct: counts.size,
    });
  }

  fail(index: number, path: string, error: unknown): void {
    const reason = reasonOf(error);
    this.#failures.set(index, { path, reason });
    this.#digest(index, path, { reason });
  }

  get failures(): Failure[] {
    return [...this.#failures].sort(([a], [b]) => a - b).map(([, failure]) => failure);
  }

  /** The same for equal results, and only for them. */
  get checksum(): string {
    return sha256(JSON.stringify([this.digests, this.topWords(Infinity)]));
  }

  topWords(count: number): [word: string, count: number][] {
    return [...this.#counts]
      .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
      .slice(0, count);
  }

  #digest(index: number, path: string, found: object): void {
    const name = relative(this.#folder, path).split(sep).join("/");
    this.digests[index] = sha256(JSON.stringify([name, found]));
  }
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
