import { megabytes } from "../../unit.ts";
import type { FreshWork } from "../fresh-work.ts";

/** What an idle worker holds, in a process of its own for each round. */
export function idleMemoryWork(name: string, workers: number): FreshWork {
  return {
    name,
    title: `a fresh process with ${workers} idle workers and all it has started, against the same without`,
    rows: [{ name, unit: megabytes }],
    program: new URL("../fresh/idle-memory.ts", import.meta.url),
    argument: workers,
    readings: (sent) => ({ [name]: { value: (sent as number) / workers / 1e6 } }),
  };
}
