import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A file of results: what `npm run bench -- GROUP --json FILE` wrote. */
export type BenchFile = "async" | "names" | "processes" | "redis" | "threads";

/** What of it is shown. */
interface BenchResults {
  readonly machine: { readonly cpu: string; cores: number; memory: number; os: string };
  readonly node: string;
  readonly date: string;
  readonly results: readonly OwnResult[];
}

/** What a row of the bench says of one of ours. */
interface OwnResult {
  readonly group: string;
  readonly work: string;
  readonly subject: string;
  readonly median: number;
  readonly unit: string;
  readonly ratios?: Readonly<Record<string, number | undefined>>;
}

/** A row of the page. */
export interface ResultRow {
  readonly work: string;
  readonly own: string;
  readonly ratios: readonly { readonly peer: string; text: string; readonly isAhead: boolean }[];
}

/** A group's rows, and on what they were measured. Works that only we can do are left out. */
export function readResults(
  file: BenchFile,
  group: string,
): { readonly rows: readonly ResultRow[]; readonly setting: string } {
  // The site is built in its folder.
  const path = resolve("..", "bench", "results", `${file}.json`);
  const { results, machine, node, date } = JSON.parse(readFileSync(path, "utf8")) as BenchResults;
  const own = results.filter(
    (result) => result.group === group && Object.keys(result.ratios ?? {}).length > 0,
  );
  const isAlone = (work: string): boolean => own.filter((one) => one.work === work).length === 1;
  const rows = own.map(({ work, subject, median, unit, ratios = {} }) => ({
    work: isAlone(work) ? work : `${work} (${subject})`,
    own: `${significant(median)} ${unit}`,
    ratios: Object.entries(ratios).flatMap(([peer, ratio]) =>
      ratio === undefined ? [] : [{ peer, text: `${significant(ratio, 2)}×`, isAhead: ratio < 1 }],
    ),
  }));
  const { cpu, cores, memory, os } = machine;
  const setting = `Measured on ${cpu}, ${cores} cores, ${memory} GB, ${os}, Node ${node}, ${date.slice(0, 10)}.`;
  return { rows, setting };
}

const significant = (value: number, digits: number = 3): string =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: digits }).format(value);
