import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by path; `undefined` takes one away. */
export type Files = Readonly<Record<string, string | undefined>>;

const readme = `
## Install
## Example
\`\`\`sh
# not a heading
\`\`\`
## When to use it, and when not
## API
## Cancellation and errors
## Size and runtimes
`;

/** The package.json of a package that breaks no rule, but for `changes`. */
export function manifest(name: string, changes: object = {}): string {
  const built = { types: "./dist/index.d.ts", default: "./dist/index.js" };
  const fields = {
    name: `@quintet/${name}`,
    version: "0.0.0",
    description: "",
    keywords: [],
    license: "MIT",
    homepage: "",
    repository: {},
    type: "module",
    engines: {},
    sideEffects: false,
    exports: {
      ".": { "@quintet/source": "./src/index.ts", ...built },
      "./package.json": "./package.json",
    },
    files: [],
    publishConfig: { exports: { ".": built, "./package.json": "./package.json" } },
    scripts: {},
  };
  return JSON.stringify({ ...fields, ...changes });
}

function packageFiles(name: string, changes: object, index: string): Files {
  return {
    [`packages/${name}/package.json`]: manifest(name, changes),
    [`packages/${name}/README.md`]: `# @quintet/${name}\n${readme}`,
    [`packages/${name}/tsup.config.ts`]: `const config = { entry: ["src/index.ts"] };
      export default config;`,
    [`packages/${name}/tsconfig.json`]: "{}",
    [`packages/${name}/src/index.ts`]: index,
    [`apps/docs/src/content/docs/packages/${name}.mdx`]: "",
  };
}

/** A workspace that breaks no rule: core, pool on top of it, and an app. */
const whole: Files = {
  "package.json": JSON.stringify({ name: "root", devDependencies: { vitest: "catalog:" } }),
  "pnpm-workspace.yaml":
    "catalog:\n  p-queue: 10.0.0\n  alias: npm:@scope/real@1.2.3-beta.1\n\nother:\n",
  "apps/docs/package.json": JSON.stringify({ name: "@quintet/docs" }),
  "apps/docs/src/start.ts": `import { answer } from "@quintet/core"; export { answer };`,
  ...packageFiles("core", {}, "export const answer = 42;"),
  ...packageFiles(
    "pool",
    { dependencies: { "@quintet/core": "workspace:^", "p-queue": "catalog:" } },
    `import queue from "p-queue"; export { answer } from "@quintet/core/kit"; export { queue };`,
  ),
  "packages/pool/src/pool.test.ts": `import { suite } from "@quintet/conformance";
    import { it } from "vitest"; it("waits", () => setTimeout(suite, 1));`,
};

/** Calls `use` with the root of a workspace on disk that is whole but for `changes`. */
export function withTree<Result>(changes: Files, use: (root: string) => Result): Result {
  const root = mkdtempSync(join(tmpdir(), "quintet-house-"));
  try {
    for (const [file, text] of Object.entries({ ...whole, ...changes })) {
      if (text === undefined) continue;
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
