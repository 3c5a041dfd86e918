import { dirname } from "node:path";
import { type Fence, fencesIn } from "./fences.ts";
import type { Page } from "./pages.ts";

/** A fence of TypeScript, or a titled one of any other language. */
export interface Sample {
  /** The page's file, and the line in it where the code begins. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** Where it is written to, relative to the scratch folder. */
  readonly path: string;
  readonly isTypeScript: boolean;
  /** The name that other samples of the page know it by. */
  readonly title: string | undefined;
  /** Why a program is not run. */
  readonly noRun: string | undefined;
}

/** What is wrong, and where a person finds it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** None where the fence could not be read as one. */
  readonly sample: Sample | undefined;
}

/** Programs run; a file that another sample of its page names, "./text.tasks.ts", is there for that one. */
export function isProgram(sample: Sample, samples: readonly Sample[]): boolean {
  if (!sample.isTypeScript) return false;
  if (sample.title === undefined) return true;
  const isNamed = ({ code }: Sample): boolean => code.includes(`"./${sample.title}"`);
  return !samples.some((other) => dirname(other.path) === dirname(sample.path) && isNamed(other));
}

const unchecked = new Set(["typescript", "mts", "cts", "tsx", "js", "javascript", "mjs", "jsx"]);

/** The samples of one page, and what is wrong with how they are marked. */
export function samplesOf(page: Page): { samples: Sample[]; problems: Problem[] } {
  const samples: Sample[] = [];
  const problems: Problem[] = [];
  for (const fence of fencesIn(page.markdown)) {
    const sample = sampleOf(page, fence);
    const message = fault(fence) ?? (sample && taken(sample, samples));
    const line = page.offset + fence.line - 1;
    if (message) problems.push({ file: page.file, line, message, sample: undefined });
    else if (sample) samples.push(sample);
  }
  return { samples, problems };
}

function sampleOf({ file, folder, offset }: Page, fence: Fence): Sample | undefined {
  const { language, meta, code } = fence;
  const line = offset + fence.line;
  const title = /\btitle="([^"]+)"/.exec(meta)?.[1];
  if (language !== "ts" && title === undefined) return undefined;
  return {
    file,
    line,
    code,
    path: `${folder}/${title ?? `sample-${line}.ts`}`,
    isTypeScript: language === "ts",
    title,
    noRun: /\bno-run="([^"]+)"/.exec(meta)?.[1] ?? tooNew(code, nodeMajor),
  };
}

const nodeMajor = Number(process.versions.node.split(".")[0]);

/** What a reader's compiler translates and an older Node does not know. */
export function tooNew(code: string, major: number): string | undefined {
  const hasUsing = /^\s*(await )?using \w+ =/m.test(code);
  return hasUsing && major < 24 ? `Node ${major} has no \`using\`` : undefined;
}

function fault({ language, meta }: Fence): string | undefined {
  if (unchecked.has(language)) return `a fence of ${language} is not checked; write it as ts`;
  if (/\bno-run\b(?!="[^"]+")/.test(meta)) return 'no-run takes a reason: no-run="needs a browser"';
  const title = /\btitle="([^"]*)"/.exec(meta)?.[1];
  if (title !== undefined && !/^[\w-]+(\.[\w-]+)+$/.test(title)) {
    return `${JSON.stringify(title)} is no file name`;
  }
  return undefined;
}

function taken({ path }: Sample, samples: readonly Sample[]): string | undefined {
  return samples.some((other) => other.path === path)
    ? "this page has that title twice"
    : undefined;
}
