import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { randomNumbers } from "./random-numbers.ts";
import { type Endings, type SoakPlace, SoakRound, type Wrongs } from "./soak-round.ts";

/** Where nothing has ended for so many milliseconds, something hangs. */
const patience = 60_000;

async function memory(): Promise<{ readonly heap: number; readonly resident: number }> {
  for (let times = 0; times < 3; times++) {
    globalThis.gc?.();
    await pause(20);
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, resident: rss / 2 ** 20 };
}

/** Runs a round; false when it hangs. */
async function endsWhole(round: SoakRound): Promise<boolean> {
  const over = round.run().then(() => true);
  for (let before: number | undefined; ;) {
    const waiting = new AbortController();
    const { signal } = waiting;
    const late = pause(patience, false, { signal }).catch(() => true);
    const isOver = await Promise.race([over, late]);
    waiting.abort();
    const { completed, failed, cancelled } = round.stats();
    const ended = completed + failed + cancelled;
    if (isOver || ended === before) return isOver;
    before = ended;
  }
}

/**
 * Runs pools through everything that can happen to a task, at random, for a number of minutes; `--minutes` and
 * `--seed` are read from the command line. Prints what came of it. The process fails when a call does not settle,
 * settles wrongly, pays for a neighbour, or when memory does not go back.
 */
export async function runSoak(place: SoakPlace): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const end = performance.now() + Number(values.minutes) * 60_000;
  const random = randomNumbers(Number(values.seed));
  const endings: Endings = {};
  const wrongs: Wrongs = [];
  let rounds = 0;
  let calls = 0;
  let begin: Awaited<ReturnType<typeof memory>> | undefined;

  while (performance.now() < end && wrongs.length === 0) {
    const round = new SoakRound(place, random, endings, wrongs);
    if (!(await endsWhole(round)))
      wrongs.push(`${round.open} calls hang: ${JSON.stringify(round.stats())}`);
    rounds++;
    calls += round.calls;
    // Not at once: code is compiled and caches fill in the first rounds.
    if (rounds === 10) begin = await memory();
  }

  const after = await memory();
  const resources = process
    .getActiveResourcesInfo()
    .filter((name) => /Worker|MessagePort|Process|Pipe/.test(name));
  const report = { seed: values.seed, rounds, calls, endings, wrongs, begin, after, resources };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  const grown = begin && after.heap > begin.heap * 1.05 + 1;
  if (wrongs.length > 0 || grown || resources.length > 0) process.exitCode = 1;
  if (wrongs.length > 0) process.exit();
}
