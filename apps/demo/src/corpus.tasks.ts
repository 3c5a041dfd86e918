import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { defineTasks, type TaskContext } from "@quintet/core";
import { piecesOf } from "./pieces.ts";
import { TextCount } from "./text-count.ts";

/** What the job finds out about one file. */
export interface FileReport {
  readonly path: string;
  readonly bytes: number;
  /** Bytes after gzip. */
  readonly gzipped: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Missing for a binary file. */
  readonly text?: Pick<TextCount, "lines" | "words" | "counts">;
}

/** The corpus job, written once for every place. */
export const corpus = defineTasks("corpus", import.meta.url, {
  /**
   * Reads a file, counts its lines and words, compresses and hashes it. All of it is synchronous: that is what
   * threads are for. The asynchronous calls of zlib and fs bring threads of their own, so every place would have some.
   */
  async file(path: string, { signal }: TaskContext): Promise<FileReport> {
    const hash = createHash("sha256");
    const text = new TextCount();
    let bytes = 0;
    let gzipped = 0;
    for await (const piece of piecesOf(path, signal)) {
      bytes += piece.length;
      hash.update(piece);
      gzipped += gzipSync(piece).length; // gzip allows a file to be a row of compressed pieces
      text.add(piece);
    }
    const report = { path, bytes, gzipped, sha256: hash.digest("hex") };
    text.finish();
    const { lines, words, counts, isBinary } = text;
    return isBinary ? report : { ...report, text: { lines, words, counts } };
  },
});
