import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { eventLoop } from "@quintet/async";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { corpus } from "./corpus.tasks.ts";

describe("corpus.file", () => {
  it("counts, compresses and hashes a text", async () => {
    const content = "One word, two words.\nThree words\n";
    const path = join(temporaryFolder({ "a.md": content }), "a.md");
    expect(await corpus.file(path)).toEqual({
      path,
      bytes: 33,
      gzipped: gzipSync(content).length,
      sha256: createHash("sha256").update(content).digest("hex"),
      text: {
        lines: 2,
        words: 6,
        counts: new Map([
          ["word", 1],
          ["words", 2],
          ["three", 1],
        ]),
      },
    });
  });

  it("compresses and hashes an empty file too", async () => {
    const path = join(temporaryFolder({ empty: "" }), "empty");
    expect(await corpus.file(path)).toMatchObject({
      bytes: 0,
      gzipped: gzipSync("").length,
      text: { lines: 0, words: 0 },
    });
  });

  it("counts no words in a binary file", async () => {
    const path = join(temporaryFolder({ a: Uint8Array.of(0, 1, 2) }), "a");
    const report = await corpus.file(path);
    expect(report).toMatchObject({ bytes: 3 });
    expect(report).not.toHaveProperty("text");
  });

  it("reads a large file piece by piece, to the same counts", async () => {
    const line = "some words in a line that is repeated\n";
    const content = line.repeat(90_000);
    const path = join(temporaryFolder({ large: content }), "large");
    expect(await corpus.file(path)).toMatchObject({
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
      text: { lines: 90_000, words: 8 * 90_000 },
    });
  });

  it("rejects with the system's error for what cannot be read", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "x.md"));
    await expect(corpus.file(join(folder, "x.md"))).rejects.toMatchObject({ code: "EISDIR" });
    await expect(corpus.file(join(folder, "gone"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("stops between two pieces when it is cancelled", async () => {
    const path = join(temporaryFolder({ large: Buffer.alloc(64 << 20, "word ") }), "large");
    const executor = eventLoop();
    const controller = new AbortController();
    const job = executor.submit(corpus.file, path, { signal: controller.signal });
    setImmediate(() => setImmediate(() => controller.abort("enough")));
    await expect(job.result).rejects.toBe("enough");
    await executor.close();
    expect(executor.stats()).toMatchObject({ completed: 0, cancelled: 1 });
  });
});
