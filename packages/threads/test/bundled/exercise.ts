import { inline, isQuintetError, moduleTasks } from "@quintet/core";
import { threads } from "@quintet/threads";
import type * as hashModule from "./hash.ts";
import { text, TextError } from "./text.tasks.ts";

type Hash = typeof hashModule & { missing: () => void };
const hash = moduleTasks<Hash>("hash", new URL("./hash.js", import.meta.url));

/** What a bundled application gets from its threads; the tests know what it should be. */
export async function exercise(): Promise<Record<string, unknown>> {
  const pool = threads({ size: 2 });
  try {
    const letters: string[] = [];
    for await (const letter of pool.stream(text.letters, "abc")) letters.push(letter);
    const refused = await pool.run(text.refuse, "no").catch((error: unknown) => error);
    const missing = await pool.run(hash.missing).catch((error: unknown) => error);
    const stop = new AbortController();
    const waiting = pool.run(text.waits, undefined, {
      signal: stop.signal,
      onProgress: (progress) => stop.abort(`stopped while ${String(progress)}`),
    });
    const cancelled = await waiting.catch((reason: unknown) => reason);
    return {
      one: await pool.run(text.count, "a b c"),
      many: await pool.map(text.count, ["a", "a b"]).toArray(),
      letters,
      ofModule: await pool.run(hash.double, 4),
      ofSource: await pool.run(
        inline((n: number) => n + 1),
        1,
      ),
      ownError: refused instanceof TextError && refused.line,
      ourError: isQuintetError(missing, "TASK_NOT_FOUND"),
      cancelled,
    };
  } finally {
    await pool.close();
  }
}
