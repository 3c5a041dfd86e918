import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A text that holds samples: a Markdown file, or one doc comment of a source file. */
export interface Page {
  /** Relative to the workspace. */
  readonly file: string;
  /** Names the folder its samples are written to; no two pages have the same. */
  readonly folder: string;
  /** What comes before it in its file: line 1 of `markdown` is line `offset + 1` there. */
  readonly offset: number;
  readonly markdown: string;
}

/** Every page of the workspace at `root`: READMEs, the pages of the site, and doc comments. */
export function pagesIn(root: string): Page[] {
  const folders = below(root, "packages", false);
  const markdown = [
    ...below(root, ".", false),
    ...folders.map((folder) => `${folder}/README.md`),
    ...below(root, "apps/docs/src/content/docs", true),
  ].filter((file) => /\.mdx?$/.test(file) && existsSync(join(root, file)));
  const sources = folders
    .flatMap((folder) => below(root, `${folder}/src`, true))
    .filter((file) => file.endsWith(".ts"));
  return [
    ...markdown.map((file) => ({ file, folder: file, offset: 0, markdown: read(root, file) })),
    ...sources.flatMap((file) => docComments(file, read(root, file))),
  ];
}

function below(root: string, folder: string, recursive: boolean): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive, encoding: "utf8" }).toSorted();
  return names.map((name) => join(folder, name).replaceAll("\\", "/"));
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** The doc comments of a source file, as the Markdown in them. */
export function docComments(file: string, source: string): Page[] {
  return [...source.matchAll(/\/\*\*.*?\*\//gs)].map(({ 0: comment, index }) => {
    const offset = source.slice(0, index).split("\n").length - 1;
    const lines = comment.split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    return { file, folder: `${file}/${offset + 1}`, offset, markdown: lines.join("\n") };
  });
}
