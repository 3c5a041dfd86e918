import type { PlaceRun } from "./run-place.ts";

/** Says of each place where more than one task had its turn at a time. */
export function collisions(runs: readonly PlaceRun[]): string[] {
  return runs
    .filter(({ mostTurns }) => mostTurns !== 1)
    .map(({ name, mostTurns }) => `${name}: ${mostTurns} tasks had their turn at the same time.`);
}

/** Says of each place that found something else than the first one where that begins. */
export function differences(
  [first, ...others]: readonly PlaceRun[],
  files: readonly string[],
): string[] {
  if (!first) return [];
  const { digests, checksum } = first.summary;
  return others
    .filter(({ summary }) => summary.checksum !== checksum)
    .map(({ name, summary }) => {
      const index = digests.findIndex((digest, at) => digest !== summary.digests[at]);
      const where = index === -1 ? "in how often words occur" : `beginning with ${files[index]}`;
      return (
        `The results on ${name} are not those on ${first.name}, ${where}. ` +
        `Was a file changed while the job ran?`
      );
    });
}
