import { times } from "../format.ts";
import type { Result } from "../result.ts";
import type { Subject } from "../subject.ts";
import type { TargetResult } from "../target.ts";
import { isBehind } from "../unit.ts";
import { targetText } from "./row-text.ts";

/** Every place where somebody is ahead of us, and what became of the targets. */
export function summaryOf(
  subjects: readonly Subject[],
  results: readonly Result[],
  targets: readonly TargetResult[],
): string {
  const lines: string[] = [];
  const isCompared = results.some(({ ratios }) => Object.keys(ratios).length > 0);
  if (!isCompared) return "Nobody is compared: that takes one of ours and one of the others.";
  for (const [kind, title] of [
    ["peer", "peer"],
    ["floor", "floor"],
  ] as const) {
    const names = new Set(subjects.filter((it) => it.kind === kind).map(({ name }) => name));
    const found = lostTo(names, results);
    lines.push(found.length > 0 ? `Where a ${title} is ahead:` : `No ${title} is ahead anywhere.`);
    lines.push(...found.map((line) => `  ${line}`));
  }
  if (targets.length > 0) {
    const met = targets.filter((target) => target.met).length;
    lines.push(`Targets met: ${met} of ${targets.length}`);
    lines.push(
      ...targets
        .filter((target) => !target.met)
        .map((target) => `  ${target.work}: ${targetText(target)}`),
    );
  }
  return lines.join("\n");
}

/** A line for each row and each of ours. */
function lostTo(names: ReadonlySet<string>, results: readonly Result[]): string[] {
  return results.flatMap(({ work, subject, ratios }) => {
    const ahead = Object.entries(ratios)
      .filter(([other, ratio]) => names.has(other) && isBehind(ratio))
      .map(([other, ratio]) => `${times(ratio)} as good as ${other}`);
    return ahead.length === 0 ? [] : [`${work}: ${subject} is ${ahead.join(" · ")}`];
  });
}
