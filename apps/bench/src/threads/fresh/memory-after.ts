// Arguments: a subject's module and name, and a number of tasks. Sends the memory in use before and after them.
import { answerWith } from "../../answer-with.ts";
import { verify } from "../../mismatch-error.ts";
import { settledMemory } from "../../settled-memory.ts";
import { inFlight } from "../in-flight.ts";
import { subjectOf } from "./subject-of.ts";
import { size } from "../thread-work.ts";

const window = 1_000;

await answerWith(async () => {
  const [module = "", name = "", tasks = ""] = process.argv.slice(2);
  const pool = (await subjectOf(module, name)).open({ size });
  const run = async (input: number): Promise<void> => {
    verify(`noop(${input})`, input + 1, await pool.run("noop", input));
  };
  await inFlight(window, Math.ceil(Number(tasks) / 10), run);
  const before = await settledMemory();
  await inFlight(window, Number(tasks), run);
  const after = await settledMemory();
  await pool.close();
  return { before, after };
});
