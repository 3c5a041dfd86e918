import { filesRule } from "./files.ts";
import { layersRule } from "./layers.ts";
import { manifestsRule } from "./manifests.ts";
import { pagesRule } from "./pages.ts";
import { syntaxRule } from "./syntax.ts";
import { versionsRule } from "./versions.ts";
import { type Problem, readWorkspace, type Rule } from "./workspace.ts";

const rules: readonly Rule[] = [
  layersRule,
  filesRule,
  syntaxRule,
  versionsRule,
  manifestsRule,
  pagesRule,
];

/** Every house rule that the workspace at `root` breaks. */
export function houseProblems(root: string): Problem[] {
  const workspace = readWorkspace(root);
  return rules.flatMap((rule) => [...rule(workspace)]);
}
