import type { ProcessOptions } from "./process-options.ts";

/** Those that are followed by what to run. */
const withText = new Set(["-e", "--eval", "-p", "--print", "-pe"]);

/** What to run, and how, which a child is told otherwise; and the debugger. */
const ownOnly = /^--(eval|print|input-type|test|watch|inspect|interactive|check)\b|^-[ic]$/;

/** Node's options that a child takes over from its parent. */
export function inheritedOptions(options: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < options.length; index++) {
    const option = options[index] as string;
    if (withText.has(option)) index++;
    else if (!ownOnly.test(option)) kept.push(option);
  }
  return kept;
}

/** All of Node's options for a child. */
export function nodeOptions({ execArgv, memory }: ProcessOptions): string[] {
  const limit = memory === undefined ? [] : [`--max-old-space-size=${toMegabytes(memory)}`];
  // Where NODE_OPTIONS turn the debugger on, each child has one at a port of its own.
  return [...(execArgv ?? inheritedOptions(process.execArgv)), ...limit, "--inspect-port=0"];
}

const toMegabytes = (bytes: number): number => Math.max(1, Math.round(bytes / 2 ** 20));
