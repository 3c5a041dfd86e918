import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

/** What was asked for. */
export interface CommandLine {
  readonly help: boolean;
  /** The folder; missing for the default corpus. */
  readonly folder?: string;
  /** How many files at most. */
  readonly limit: number;
  /** How many workers, where there are any. */
  readonly size: number;
  /** Where the timeline goes; missing for the temporary folder. */
  readonly out?: string;
}

const defaultLimit = 4_000;

/** What `--help` prints. */
export const help = `Runs one real job in every place there is: reads each file of a folder, counts its lines
and words, compresses it and hashes it; then compares the places.

  npm run demo
  npm run demo -- [options] [DIR]

DIR is a folder of files of any kind. Without one, the job runs on the Markdown, JSON and
source files of the packages installed here.

  --limit N   take the first N files, in the order of their names (default: ${defaultLimit})
  --size N    workers in places that have workers (default: ${availableParallelism()}, the cores here)
  --out FILE  write the timeline there (default: a new folder for temporary files)
  --help      print this

Ends with
  0    every file was read, and every place found the same
  1    a file could not be read, the folder holds none, a place failed, or results differ
  2    the options or DIR are wrong
  130  stopped by Ctrl-C (143 by SIGTERM, 129 by SIGHUP)
`;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

/** Reads the arguments. *Errors*: `UsageError`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) {
    throw new UsageError(`One folder at a time; got ${positionals.join(" and ")}.`);
  }
  const [folder] = positionals;
  const { help: wantsHelp = false, out } = values;
  return {
    help: wantsHelp,
    limit: wholeNumber("limit", values.limit) ?? defaultLimit,
    size: wholeNumber("size", values.size) ?? availableParallelism(),
    ...(folder === undefined ? {} : { folder }),
    ...(out === undefined ? {} : { out }),
  };
}

type Parsed = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

const options = {
  help: { type: "boolean", short: "h" },
  limit: { type: "string" },
  size: { type: "string" },
  out: { type: "string" },
} as const;

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} takes a whole number from 1, got ${JSON.stringify(text)}.`);
}
