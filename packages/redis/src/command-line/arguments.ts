import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** Something is wrong with the command line itself. */
export class UsageError extends Error {}

/** What is given to a command. */
export interface Arguments {
  readonly queue: string;
  readonly redis: string;
  readonly prefix: string | undefined;
  readonly json: boolean;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

const common: ParseArgsOptionsConfig = {
  queue: { type: "string", short: "q" },
  redis: { type: "string" },
  prefix: { type: "string" },
  json: { type: "boolean", default: false },
};

/** *Errors*: `UsageError` for what is unknown, or missing. */
export function readArguments(
  argv: readonly string[],
  more: ParseArgsOptionsConfig,
  operands: readonly string[],
  environment: NodeJS.ProcessEnv,
): Arguments {
  const { values, positionals } = parsed(argv, { ...common, ...more });
  const { queue, redis, prefix, json } = values;
  if (typeof queue !== "string") throw new UsageError("--queue NAME is missing");
  if (positionals.length > operands.length) {
    throw new UsageError(`unexpected argument ${JSON.stringify(positionals[operands.length])}`);
  }
  return {
    queue,
    redis: redisUrl(redis as string | undefined, environment["REDIS_URL"]),
    prefix: prefix as string | undefined,
    json: json === true,
    values,
    positionals,
  };
}

/** The message does not repeat a URL: there may be a password in it, also where it is no URL. */
function redisUrl(option: string | undefined, variable: string | undefined): string {
  const url = option ?? variable ?? "redis://127.0.0.1:6379";
  if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return url;
  const from = option === undefined ? "REDIS_URL" : "--redis";
  throw new UsageError(
    `${from} is no redis:// or rediss:// URL; a password has to be percent-encoded in it`,
  );
}

function parsed(
  argv: readonly string[],
  options: ParseArgsOptionsConfig,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number from 1 up, of an option; `undefined` where it is not given. */
export function wholeOption({ values }: Arguments, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new UsageError(`--${name} takes a whole number from 1 up, got ${JSON.stringify(text)}`);
  }
  return number;
}
