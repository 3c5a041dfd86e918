import { isQuintetError } from "@quintet/core";
import { processes } from "@quintet/processes";
import { text } from "./text.tasks.ts";

/** What a bundled application gets from its processes; the tests know what it should be. */
async function exercise(): Promise<Record<string, unknown>> {
  const pool = processes({ size: 2, grace: 50, argv: ["--own"] });
  try {
    const late = await pool.run(text.sleeps, undefined, { timeout: 200 }).catch((e: unknown) => e);
    return {
      one: await pool.run(text.count, "a b c"),
      many: await pool.map(text.count, ["a", "a b"]).toArray(),
      given: await pool.run(text.given),
      late: isQuintetError(late, "TIMEOUT"),
    };
  } finally {
    await pool.close();
  }
}

process.stdout.write(JSON.stringify(await exercise()));
