import { posix } from "node:path";
import { importsOf } from "./imports.ts";
import type { Member, Problem, Rule, Source } from "./workspace.ts";

/** Which packages a package may build on. A new package states its place here. */
const layers: Record<string, readonly string[]> = {
  core: [],
  conformance: ["core"],
  async: ["core"],
  coroutines: ["core", "async"],
  pool: ["core"],
  threads: ["core", "pool"],
  processes: ["core", "pool"],
  redis: ["core"],
};

/** What the tests of a package may build on besides: the workers of a queue run tasks on any executor. */
const forTests: Record<string, readonly string[]> = {
  redis: ["async", "processes", "threads"],
};

const scope = "@quintet/";

/** Arrows point one way, in package.json as well as in imports, and nobody imports an app. */
export const layersRule: Rule = function* ({ members }) {
  for (const member of members) {
    yield* checkManifest(member);
    for (const source of member.sources) yield* checkImports(member, source);
  }
};

function* checkManifest(member: Member): Iterable<Problem> {
  const file = `${member.folder}/package.json`;
  if (member.kind === "package" && !layers[member.name]) {
    yield {
      file,
      message: `${member.name} has no place among the layers (tooling/house/layers.ts)`,
    };
    return;
  }
  for (const field of ["dependencies", "peerDependencies", "devDependencies"] as const) {
    for (const name of Object.keys(member.manifest[field] ?? {})) {
      const problem = arrow(member, name, field === "devDependencies");
      if (problem) yield { file, message: `${problem} (${field})` };
    }
  }
}

function* checkImports(member: Member, source: Source): Iterable<Problem> {
  const { file } = source;
  for (const specifier of importsOf(source)) {
    if (specifier.startsWith(".")) {
      const target = posix.join(posix.dirname(file), specifier);
      // Tooling is published nowhere: what configures or tests a package may use it.
      const mayUseTooling = source.isTest || file.endsWith(".config.ts");
      const isTooling = mayUseTooling && target.startsWith("tooling/");
      if (!target.startsWith(`${member.folder}/`) && !isTooling) {
        yield { file, message: `${specifier} leaves its package; import the package by name` };
      }
      continue;
    }
    const problem =
      arrow(member, specifier, source.isTest) ?? undeclared(member, source, specifier);
    if (problem) yield { file, message: problem };
  }
}

/** What is wrong with `member` using `specifier`, if it is one of the workspace's packages. */
function arrow(member: Member, specifier: string, isForTests: boolean): string | undefined {
  if (!specifier.startsWith(scope)) return undefined;
  const target = specifier.slice(scope.length).split("/")[0] ?? "";
  if (!layers[target]) return `nobody imports ${scope}${target}, which is no package to build on`;
  if (member.kind !== "package" || target === member.name) return undefined;

  const allowed = layers[member.name] ?? [];
  // The suite builds on core, so core cannot be tested with it without a circle.
  if (isForTests && target === "conformance" && member.name !== "core") return undefined;
  if (isForTests && forTests[member.name]?.includes(target)) return undefined;
  if (allowed.includes(target)) return undefined;
  return `${member.name} may build on ${allowed.join(", ") || "nothing"}, not on ${target}`;
}

/** What is published imports only what its package.json brings along. */
function undeclared(member: Member, source: Source, specifier: string): string | undefined {
  const { folder, manifest } = member;
  const isShipped = !source.isTest && source.file.startsWith(`${folder}/src/`);
  if (member.kind !== "package" || !isShipped || /^(node:|#)/.test(specifier)) return undefined;
  const parts = specifier.split("/");
  const name = parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  const brought = { ...manifest.dependencies, ...manifest.peerDependencies };
  if (name === manifest.name || name in brought) return undefined;
  return `${name} is imported, but is no dependency of ${manifest.name}`;
}
