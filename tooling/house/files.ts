import { basename } from "node:path";
import type { Problem, Rule } from "./workspace.ts";

const required = ["README.md", "tsup.config.ts", "tsconfig.json", "src/index.ts"];
const longest = 250;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const emptyWords = new Set(["util", "utils", "helper", "helpers", "common", "manager", "misc"]);

/** Every package has the same files; every file has a size and a name that says what is in it. */
export const filesRule: Rule = function* ({ members, exists }) {
  for (const { kind, folder, sources } of members) {
    for (const name of kind === "package" ? required : []) {
      if (!exists(`${folder}/${name}`)) yield { file: folder, message: `${name} is missing` };
    }
    for (const { file, text, isTest } of sources) {
      yield* checkName(file, file.slice(folder.length + 1).split("/"));
      const lines = text.trimEnd().split("\n").length;
      if (!isTest && lines > longest) {
        yield { file, message: `${lines} lines, more than ${longest}: it holds two concepts` };
      }
    }
  }
};

function* checkName(file: string, parts: readonly string[]): Iterable<Problem> {
  for (const part of parts) {
    if (!kebabCase.test(part)) yield { file, message: `${part} is not in kebab-case` };
    const empty = part.split(/[-.]/).find((word) => emptyWords.has(word));
    if (empty) yield { file, message: `${basename(part)}: "${empty}" does not say what is in it` };
  }
}
