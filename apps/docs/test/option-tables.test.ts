import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..", "..");
const site = "apps/docs/src/content/docs";
const read = (file: string): string => readFileSync(join(root, file), "utf8");

const pool = "packages/pool/src/executor/pool-executor.ts: PoolOptions";
const upkeep = "packages/pool/src/executor/upkeep-options.ts: UpkeepOptions";
const thread = "packages/threads/src/thread-transport.ts: ThreadOptions";
const child = "packages/processes/src/process-options.ts: ProcessOptions";
const eventLoop = "packages/async/src/event-loop.ts: EventLoopOptions";
const policies = "packages/async/src/policies";

const coroutines = "packages/coroutines/src/executor/coroutines.ts: CoroutinesOptions";

const tables: readonly [page: string, heading: string, interfaces: readonly string[]][] = [
  [`${site}/contract.md`, "Traits", ["packages/core/src/traits.ts: Traits"]],
  [`${site}/packages/core.md`, "The context", ["packages/core/src/task-context.ts: TaskContext"]],
  [`${site}/packages/core.md`, "Executors", ["packages/core/src/executor.ts: Executor"]],
  [`${site}/packages/core.md`, "Statistics", ["packages/core/src/stats.ts: Stats"]],
  [`${site}/packages/core.md`, "Live tasks", ["packages/core/src/live-task.ts: LiveTask"]],
  [
    `${site}/packages/core.md`,
    "Options of `run` and `submit`",
    ["packages/core/src/run-options.ts: RunOptions"],
  ],
  [
    `${site}/packages/core.md`,
    "Options of `map`",
    ["packages/core/src/run-options.ts: MapOptions"],
  ],
  [
    `${site}/packages/core.md`,
    "Options of `stream` and `close`",
    ["packages/core/src/run-options.ts: CloseOptions"],
  ],
  [`${site}/packages/async.md`, "Options", [eventLoop]],
  [`${site}/packages/coroutines.md`, "Options", [coroutines]],
  [`${site}/policies.md`, "`retry`", [`${policies}/retry.ts: RetryOptions`]],
  [`${site}/policies.md`, "Backoff", [`${policies}/backoff.ts: BackoffOptions`]],
  [`${site}/policies.md`, "Retry budget", [`${policies}/retry-budget.ts: RetryBudgetOptions`]],
  [`${site}/policies.md`, "Options of `limit`", [`${policies}/limit.ts: LimitOptions`]],
  [`${site}/policies.md`, "Options of `bulkhead`", [`${policies}/bulkhead.ts: BulkheadOptions`]],
  [`${site}/policies.md`, "`rateLimit`", [`${policies}/rate-limit.ts: RateLimitOptions`]],
  [
    `${site}/policies.md`,
    "`circuitBreaker`",
    [`${policies}/circuit-breaker.ts: CircuitBreakerOptions`],
  ],
  [`${site}/policies.md`, "`hedge`", [`${policies}/hedge.ts: HedgeOptions`]],
  [`${site}/packages/threads.md`, "Options", [pool, upkeep, thread]],
  [`${site}/packages/processes.md`, "Options", [pool, upkeep, child]],
  [`${site}/packages/pool.md`, "Options", [pool, upkeep]],
  [`${site}/packages/conformance.md`, "Harness", ["packages/conformance/src/harness.ts: Harness"]],
  ["packages/async/README.md", "API", [eventLoop]],
  ["packages/coroutines/README.md", "API", [coroutines]],
  ["packages/threads/README.md", "API", [pool, upkeep, thread]],
  ["packages/processes/README.md", "API", [pool, upkeep, child]],
];

// Stated in the text beside the table, because they are no options.
const elsewhere = new Set(["name", "traits"]);

it.each(tables)(
  "%s, %s: names every member there is, and no other",
  (page, heading, interfaces) => {
    const isOption = (name: string): boolean => heading !== "Executors" || !elsewhere.has(name);
    const members = new Set(interfaces.flatMap(membersOf).filter(isOption));
    expect(firstColumn(page, heading).toSorted()).toEqual([...members].toSorted());
  },
);

function membersOf(place: string): string[] {
  const [file = "", name] = place.split(": ");
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{(.*?)^\\}`, "ms").exec(read(file));
  return [...(body?.[1] ?? "").matchAll(/^  (?:readonly )?(\w+)[?:(<]/gm)].map(
    ([, member = ""]) => member,
  );
}

/** What the first table under a heading names: `workers.min` is a part of `workers`. */
function firstColumn(page: string, heading: string): string[] {
  const text = read(page);
  const start = text.search(new RegExp(`^##+ ${heading}$`, "m"));
  const [table = ""] = /(^\|.*\n)+/m.exec(text.slice(start)) ?? [];
  const rows = table.split("\n").slice(2);
  const cells = rows.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`(\w+)/g)]);
  return [...new Set(cells.map(([, name = ""]) => name))];
}
