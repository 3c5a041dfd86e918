import { spawnSync } from "node:child_process";
import { defineTasks } from "@quintet/core";

export const text = defineTasks("text", import.meta.url, {
  count: (line: string) => line.split(" ").length,
  /** Blocks its process until it is ended. */
  sleeps: () => spawnSync(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"]).status,
  /** Its arguments, and what it can read. */
  given: () => process.argv.slice(2),
});
