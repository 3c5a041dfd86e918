import type { Member, Problem, Rule, Workspace } from "./workspace.ts";

const order = [
  "name",
  "version",
  "description",
  "keywords",
  "license",
  "homepage",
  "repository",
  "type",
  "engines",
  "sideEffects",
  "exports",
  "imports",
  "bin",
  "files",
  "publishConfig",
  "scripts",
  "dependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "devDependencies",
];
const optional = ["imports", "bin", "dependencies", "peerDependencies", "peerDependenciesMeta"];
const source = "@quintet/source";

type Target = Record<string, string>;

/** A package.json has the same keys in the same order, and its exports are what tsup builds. */
export const manifestsRule: Rule = function* (workspace) {
  for (const member of workspace.members) {
    if (member.kind !== "package") continue;
    const file = `${member.folder}/package.json`;
    for (const message of [...checkKeys(member), ...checkExports(member, workspace)]) {
      yield { file, message } satisfies Problem;
    }
  }
};

function* checkKeys({ name, manifest }: Member): Iterable<string> {
  if (manifest.name !== `@quintet/${name}`) yield `the name is not @quintet/${name}`;
  const keys = Object.keys(manifest);
  for (const key of keys) if (!order.includes(key)) yield `${key} has no place in a package.json`;
  for (const key of order) {
    if (!optional.includes(key) && key !== "devDependencies" && !keys.includes(key)) {
      yield `${key} is missing`;
    }
  }
  const sorted = order.filter((key) => keys.includes(key));
  if (keys.filter((key) => order.includes(key)).join() !== sorted.join()) {
    yield `the keys are not in the order ${sorted.join(", ")}`;
  }
}

function* checkExports({ folder, manifest }: Member, workspace: Workspace): Iterable<string> {
  const { exports = {}, publishConfig } = manifest as {
    exports?: Record<string, Target | string>;
    publishConfig?: { exports?: unknown };
  };
  const config = `${folder}/tsup.config.ts`;
  const entries = workspace.exists(config) ? builtEntries(workspace.read(config)) : [];
  const published: Record<string, Target | string> = {};

  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target === "string") {
      published[subpath] = target;
      continue;
    }
    const stem = /^\.\/src\/(.+)\.ts$/.exec(target[source] ?? "")?.[1];
    const expected = { types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` };
    published[subpath] = expected;
    if (!same(target, { [source]: `./src/${stem}.ts`, ...expected })) {
      yield `exports["${subpath}"] is not "${source}", "types", "default" of one source file`;
    } else if (!entries.includes(`src/${stem}.ts`)) {
      yield `exports["${subpath}"] is not built: src/${stem}.ts is no entry of tsup.config.ts`;
    }
  }
  if (exports["./package.json"] !== "./package.json") yield `exports["./package.json"] is missing`;
  if (!same(publishConfig?.exports, published)) {
    yield `publishConfig.exports is not exports without "${source}"`;
  }
  for (const entry of entries) {
    if (!workspace.exists(`${folder}/${entry}`))
      yield `tsup.config.ts builds ${entry}, which is missing`;
  }
}

function builtEntries(config: string): string[] {
  return [...config.matchAll(/"(src\/[^"]+\.ts)"/g)].map((match) => match[1] ?? "");
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
