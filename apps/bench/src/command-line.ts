import { parseArgs } from "node:util";

/** What was asked for. */
export interface CommandLine {
  readonly help: boolean;
  /** Names of groups; none for all. */
  readonly groups: readonly string[];
  /** Names of works, or parts of them; none for all. */
  readonly works: readonly string[];
  /** Names of subjects, or parts of them; none for all. */
  readonly subjects: readonly string[];
  readonly quick: boolean;
  /** Where the results go as JSON. */
  readonly json?: string;
}

/** What `--help` prints. */
export const help = `Measures Quintet side by side with others who do the same.

  npm run bench
  npm run bench -- [options] [GROUP …]

Without a GROUP, all of them run: every work, every subject, at least five rounds; that takes half an hour.

  --work NAME     only the works of that name, or whose names contain it; may be repeated
  --subject NAME  only the subjects of that name, or whose names contain it; may be repeated
  --quick         three rounds of a smaller size: shows that it works, and little else
  --json FILE     write the results there as well
  --help          print this

Ends with
  0    everything was measured, whoever won
  1    an output was wrong, or somebody failed
  2    the options are wrong
  130  stopped by Ctrl-C (143 by SIGTERM, 129 by SIGHUP)
`;

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

/** Reads the arguments. *Errors*: `UsageError`. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { help: wantsHelp = false, quick = false, work = [], subject = [], json } = values;
  return {
    help: wantsHelp,
    groups: positionals,
    works: work,
    subjects: subject,
    quick,
    ...(json === undefined ? {} : { json }),
  };
}

interface Named {
  readonly name: string;
}

/** The items that names ask for. No name asks for all. *Errors*: `UsageError` when there is none of a name. */
export function chosen<Item extends Named>(
  kind: string,
  items: readonly Item[],
  names: readonly string[],
): readonly Item[] {
  for (const name of names) {
    if (matching(items, name).length > 0) continue;
    const known = [...new Set(items.map((item) => `  ${item.name}`))].join("\n");
    throw new UsageError(`There is no ${kind} ${JSON.stringify(name)}. There are:\n${known}`);
  }
  return among(items, names);
}

/** The same, where there may be none. */
export function among<Item extends Named>(
  items: readonly Item[],
  names: readonly string[],
): readonly Item[] {
  if (names.length === 0) return items;
  const found = new Set(names.flatMap((name) => matching(items, name)));
  return items.filter((item) => found.has(item));
}

/** Those of exactly that name, or else all that contain it, in any case. */
function matching<Item extends Named>(items: readonly Item[], wanted: string): readonly Item[] {
  const text = wanted.toLowerCase();
  const exact = items.filter(({ name }) => name.toLowerCase() === text);
  return exact.length > 0 ? exact : items.filter(({ name }) => name.toLowerCase().includes(text));
}

type Parsed = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

const options = {
  help: { type: "boolean", short: "h" },
  work: { type: "string", multiple: true },
  subject: { type: "string", multiple: true },
  quick: { type: "boolean" },
  json: { type: "string" },
} as const;

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
