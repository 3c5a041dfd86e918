import { setTimeout as pause } from "node:timers/promises";
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

/** What workers are made of. */
const openResources = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Process/.test(name));

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
 * Runs pools through everything that can happen to a task, at random, for a number of minutes. Prints what came of it;
 * false when a call does not settle, settles wrongly, pays for a neighbour, or when memory does not go back.
 */
export async function runSoak(place: SoakPlace, minutes: number, seed: number): Promise<boolean> {
  const end = performance.now() + minutes * 60_000;
  const random = randomNumbers(seed);
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
  const resources = openResources();
  const report = { seed, rounds, calls, endings, wrongs, begin, after, resources };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  const hasGrown = begin !== undefined && after.heap > begin.heap * 1.05 + 1;
  return wrongs.length === 0 && !hasGrown && resources.length === 0;
}
