import type { Rule } from "./workspace.ts";

const fields = [
  "dependencies",
  "devDependencies",
  "peerDependencies",
  "optionalDependencies",
] as const;
const exact = /^(npm:(@[^@]+|[^@]+)@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Where people may have another version of it already, what is installed with a package is a range. */
const ranged = new Set(["dependencies", "peerDependencies"]);

/** Versions stand in the catalogs of pnpm-workspace.yaml, exact but for what is ranged, and nowhere else. */
export const versionsRule: Rule = function* ({ members, exists, read }) {
  for (const { folder, manifest } of members) {
    for (const field of fields) {
      for (const [name, version] of Object.entries(manifest[field] ?? {})) {
        if (version === "catalog:" || version.startsWith("workspace:")) continue;
        if (version === "catalog:ranges" && ranged.has(field)) continue;
        const message = `${name} says ${version}; say catalog: and put the version there`;
        yield { file: `${folder}/package.json`, message };
      }
    }
  }
  const file = "pnpm-workspace.yaml";
  const catalog = exists(file) ? /^catalog:\n((?: +.*\n)*)/m.exec(read(file))?.[1] : undefined;
  for (const line of catalog?.trim().split("\n") ?? []) {
    const [, name, version] = /^ *"?([^":]+)"?: (.*)$/.exec(line) ?? [];
    if (!exact.test(version ?? ""))
      yield { file, message: `${name ?? line} is not an exact version` };
  }
};
