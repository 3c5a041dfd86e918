import ts from "typescript";
import { type Member, type Problem, type Rule, type Source, walk } from "./workspace.ts";

const clocks = [
  "packages/core/src/kit/clock/clock.ts",
  "packages/core/src/kit/clock/system-clock.ts",
];
const timers = new Set(["setTimeout", "setInterval"]);
const suites = new Set(["it", "test", "describe"]);
const disabled = new Set(["skip", "only", "todo"]);

/** What may not be written, wherever it would compile. */
export const syntaxRule: Rule = function* ({ members }) {
  for (const member of members) {
    for (const source of member.sources) yield* checkSource(member, source);
  }
};

function* checkSource(member: Member, source: Source): Iterable<Problem> {
  const messages = new Set<string>();
  walk(source.tree, (node) => {
    const found = [
      exportProblem(node, source),
      disabledTest(node),
      source.isTest ? undefined : usingProblem(node),
      isTimeless(member, source) ? timerProblem(node) : undefined,
    ];
    for (const message of found) if (message) messages.add(message);
  });
  for (const message of messages) yield { file: source.file, message };
}

function exportProblem(node: ts.Node, { file }: Source): string | undefined {
  if (
    ts.isExportDeclaration(node) &&
    !(node.exportClause && ts.isNamedExports(node.exportClause))
  ) {
    return "`export *` hides what is exported; name it";
  }
  const isDefault =
    ts.isExportAssignment(node) ||
    (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent)) ||
    (ts.isExportSpecifier(node) && node.name.text === "default");
  if (isDefault && !/\.config\.[cm]?[jt]s$/.test(file)) return "no default exports; name it";
  return undefined;
}

function disabledTest(node: ts.Node): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || !disabled.has(node.name.text)) return undefined;
  const called = ts.isPropertyAccessExpression(node.expression)
    ? node.expression.name
    : node.expression;
  if (!ts.isIdentifier(called) || !suites.has(called.text)) return undefined;
  return `${called.text}.${node.name.text} switches tests off; write it or remove it`;
}

/** Node runs sources as they are, and Node 22 has no `using`. */
function usingProblem(node: ts.Node): string | undefined {
  const isUsing = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0;
  return isUsing ? "`using` does not run on Node 22; use try and finally" : undefined;
}

function isTimeless({ kind, folder }: Member, { file, isTest }: Source): boolean {
  const isShipped = kind === "package" && file.startsWith(`${folder}/src/`) && !isTest;
  return isShipped && !clocks.includes(file);
}

function timerProblem(node: ts.Node): string | undefined {
  const advice = "is only for core's clock; take a Clock, so that tests can inject time";
  if (ts.isIdentifier(node) && timers.has(node.text)) return `${node.text} ${advice}`;
  if (ts.isStringLiteral(node) && /^node:timers(\/|$)/.test(node.text))
    return `${node.text} ${advice}`;
  const isNow = ts.isPropertyAccessExpression(node) && node.getText() === "Date.now";
  return isNow ? `Date.now ${advice}` : undefined;
}
