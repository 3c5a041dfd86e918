import type { Outcome } from "../../results.ts";
import type { Ending } from "../runs/task-run.ts";

/** How one task of a map ended, as a map with `settle` yields it. */
export function outcome(index: number, { ok, value }: Ending): Outcome<unknown> {
  return ok ? { status: "fulfilled", index, value } : { status: "rejected", index, reason: value };
}
