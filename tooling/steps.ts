/** One check. It is a script of the root package.json, so that it can be repeated alone. */
export interface Step {
  /** The script's name: `pnpm <script>` runs this step alone. */
  readonly script: string;
  /** What a person reads while it runs. */
  readonly title: string;
  /** The one line that repairs a failure; default: the line that repeats the step. */
  readonly fix?: string;
  /** Steps that have to pass before this one makes sense. */
  readonly needs?: readonly string[];
}

/** The contributor's inner loop: `pnpm check`. Nothing in it needs a build. */
export const innerSteps: readonly Step[] = [
  { script: "format", title: "format", fix: "pnpm fix" },
  { script: "lint", title: "lint and house rules" },
  { script: "types", title: "types" },
  { script: "test:unit", title: "unit and contract tests" },
];

/** Everything: `npm test`. A new check is added here and as a script in package.json. */
export const allSteps: readonly Step[] = [
  ...innerSteps,
  { script: "test:long", title: "contract under policies, and other long tests" },
  { script: "samples", title: "samples in docs and docstrings" },
  { script: "docs:build", title: "documentation site" },
  { script: "build", title: "build" },
  { script: "test:pack", title: "packages as published", needs: ["build"] },
  { script: "size", title: "size budgets", needs: ["build"] },
];
