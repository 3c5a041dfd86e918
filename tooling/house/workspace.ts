import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";

/** A rule that is broken: where, and what to do. */
export interface Problem {
  readonly file: string;
  readonly message: string;
}

/** Looks at the whole workspace and names what breaks it. */
export type Rule = (workspace: Workspace) => Iterable<Problem>;

/** What each dependency says about its version. */
export type Versions = Readonly<Record<string, string>>;

/** The part of a package.json that rules read. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly peerDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly [field: string]: unknown;
}

/** One folder with a package.json. Paths are relative to the workspace and use `/`. */
export interface Member {
  readonly kind: "package" | "app" | "tooling" | "root";
  /** The folder's own name, which is the last part of the package's name. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sources: readonly Source[];
}

/** One TypeScript or JavaScript file of a member. */
export interface Source {
  readonly file: string;
  readonly isTest: boolean;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** All that a rule may look at. */
export interface Workspace {
  readonly members: readonly Member[];
  readonly exists: (file: string) => boolean;
  readonly read: (file: string) => string;
}

/** Reads the workspace at `root`. */
export function readWorkspace(root: string): Workspace {
  const exists = (file: string): boolean => existsSync(join(root, file));
  const read = (file: string): string => readFileSync(join(root, file), "utf8");

  const member = (kind: Member["kind"], folder: string): Member => ({
    kind,
    name: basename(folder),
    folder,
    manifest: JSON.parse(read(join(folder, "package.json"))) as Manifest,
    sources: kind === "root" ? [] : sourcesIn(folder),
  });
  const membersIn = (kind: Member["kind"], parent: string): Member[] =>
    foldersIn(parent)
      .filter((folder) => exists(`${folder}/package.json`))
      .map((folder) => member(kind, folder));

  function foldersIn(parent: string): string[] {
    if (!exists(parent)) return [];
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  }

  function sourcesIn(folder: string): Source[] {
    const found: Source[] = [];
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !isForeign(entry.name)) found.push(...sourcesIn(file));
      if (entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name)) found.push(source(file, read(file)));
    }
    return found;
  }

  return {
    members: [
      ...(exists("package.json") ? [member("root", ".")] : []),
      ...(exists("tooling/package.json") ? [member("tooling", "tooling")] : []),
      ...membersIn("package", "packages"),
      ...membersIn("app", "apps"),
    ],
    exists,
    read,
  };
}

function isForeign(folder: string): boolean {
  return folder === "node_modules" || folder === "dist" || folder.startsWith(".");
}

function source(file: string, text: string): Source {
  const isTest = /\.test(-d)?\.ts$|\/(test|fixtures)\//.test(file);
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { file, isTest, text, tree };
}

/** Calls `visit` with every node of the file. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
