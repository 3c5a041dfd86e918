import { readdirSync, readFileSync } from "node:fs";

/** The processes that one has started and that live, by their numbers; none where this is no Linux. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return []; // it has ended, or this is no Linux
  }
}
