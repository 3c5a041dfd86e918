import type { Inspection, Party } from "@quintet/core";

/** Somebody who waits, for what, and for whom. */
export interface Wait extends Party {
  /** The primitive's name and kind. */
  readonly primitive: string;
  readonly kind: string;
  /** Who holds it; nobody where it is not held but brought, as an item of a queue is. */
  readonly heldBy: readonly Party[];
}

/** Everybody who waits. */
export interface WaitReport {
  readonly waits: readonly Wait[];
  /** Tasks that wait for each other in a circle, each for a thing that the next one holds. */
  readonly deadlocks: readonly (readonly Wait[])[];
  /** All of it in words. */
  toString(): string;
}

/** Says who waits for whom, by looks at all primitives where somebody waits. */
export function waitReport(inspections: readonly Inspection[]): WaitReport {
  const waits = inspections.flatMap(({ name, kind, waiters, holders }) =>
    waiters.map((waiter): Wait => ({ ...waiter, primitive: name, kind, heldBy: holders })),
  );
  const deadlocks = circles(waits);
  return { waits, deadlocks, toString: () => reportText(waits, deadlocks) };
}

/**
 * Circles among the waits that nobody can end. A writer needs all holders to give back, everyone else needs one of
 * them; so a wait cannot end when all of those, or one of them for a writer, wait for ever themselves. Of an arm of a
 * select nobody knows: another one may end it.
 */
function circles(waits: readonly Wait[]): Wait[][] {
  const stuck = new Set(waits.filter(({ heldBy, isArm }) => heldBy.length > 0 && !isArm));
  const waitOf = ({ task }: Party): Wait | undefined =>
    task === undefined ? undefined : [...stuck].find((wait) => wait.task === task);
  const isStuck = ({ what, heldBy }: Wait): boolean =>
    what === "write" ? heldBy.some((it) => waitOf(it)) : heldBy.every((it) => waitOf(it));
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const wait of stuck) if (!isStuck(wait)) stuck.delete(wait);
  }
  const found: Wait[][] = [];
  for (const start of stuck) {
    const path: Wait[] = [];
    let wait: Wait | undefined = start;
    while (wait && stuck.has(wait) && !path.includes(wait)) {
      path.push(wait);
      wait = wait.heldBy.map(waitOf).find((next) => next !== undefined);
    }
    const first = wait ? path.indexOf(wait) : -1;
    if (first >= 0) found.push(path.slice(first));
    for (const each of path) stuck.delete(each);
  }
  return found;
}

function reportText(waits: readonly Wait[], deadlocks: readonly (readonly Wait[])[]): string {
  if (waits.length === 0) return "Nobody waits.";
  const count = waits.length === 1 ? "1 wait has" : `${waits.length} waits have`;
  const lines = [`${count} not ended:`, ...waits.map(waitText)];
  for (const circle of deadlocks) {
    const steps = circle.map(({ task, primitive }) => `${task} waits for ${primitive}`);
    lines.push(`Deadlock: ${steps.join(", held by ")}, held by ${circle[0]?.task}.`);
  }
  return lines.join("\n");
}

const mostHolders = 3;

function waitText({ primitive, what, heldBy, ...waiter }: Wait): string {
  const shown = heldBy.slice(0, mostHolders).map(partyText);
  if (heldBy.length > mostHolders) shown.push(`${heldBy.length - mostHolders} more`);
  const holders = shown.length > 0 ? `\n      held by ${shown.join("\n      and by ")}` : "";
  const others = waiter.isArm ? ", as one arm of a select" : "";
  return `  ${partyText(waiter)}: ${what} of ${primitive}${others}${holders}`;
}

function partyText({ task = "somebody", place, duration }: Omit<Party, "what">): string {
  const since = duration === undefined ? "" : ` for ${(duration / 1_000).toFixed(1)} s`;
  return `${task}${since}${place === undefined ? "" : `, at ${place}`}`;
}
