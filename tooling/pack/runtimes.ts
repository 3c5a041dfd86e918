import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./public-packages.ts";

/** A Node to try the packages on. */
export interface Runtime {
  readonly name: string;
  readonly node: string;
  /** What this Node has to be told before it runs TypeScript. */
  readonly typeFlags: readonly string[];
  /** Whether it knows `await using`. */
  readonly hasUsing: boolean;
}

/** Node as it is developed on, Node 22, and, where npm has it for this platform, the oldest promised. */
export function runtimes(): Runtime[] {
  const major = Number(process.versions.node.split(".")[0]);
  const current: Runtime = {
    name: `Node ${process.versions.node}`,
    node: process.execPath,
    typeFlags: [],
    hasUsing: major >= 24,
  };
  const others = [
    { name: "Node 22", alias: "node-22", typeFlags: [] },
    { name: "Node 22.12", alias: "node-oldest", typeFlags: ["--experimental-strip-types"] },
  ].map(({ name, alias, typeFlags }): Runtime => {
    const folder = `${alias}-${process.platform}-${process.arch}`;
    const node = join(root, "tooling", "node_modules", folder, "bin", "node");
    return { name, node, typeFlags, hasUsing: false };
  });
  return [current, ...others.filter(({ node }) => existsSync(node))];
}
