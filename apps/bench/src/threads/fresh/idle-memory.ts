// Arguments: a subject's module and name, and a number of workers. Sends how many bytes more this process holds
// with that many idle workers than with none.
import { answerWith } from "../../answer-with.ts";
import { verify } from "../../mismatch-error.ts";
import { settledMemory } from "../../settled-memory.ts";
import { subjectOf } from "./subject-of.ts";
import { burn } from "../workers/functions.js";

const iterations = 1_000_000;

await answerWith(async () => {
  const [module = "", name = "", workers = ""] = process.argv.slice(2);
  const subject = await subjectOf(module, name);
  const size = Number(workers);
  const expected = burn(iterations);
  const before = await settledMemory();
  const pool = subject.open({ size });
  // So many, and long enough, that each worker gets some.
  const tasks = Array.from({ length: 20 * size }, () => pool.run("burn", iterations));
  for (const output of await Promise.all(tasks)) verify("burn", expected, output);
  const after = await settledMemory();
  await pool.close();
  return after.rss - before.rss;
});
