import { spawnSync } from "node:child_process";
import { type JsonProcess, startJson } from "./json-process.ts";

const command = "python3";

let known: { readonly version: string | undefined } | undefined;

/** The version of the Python here; `undefined` where there is none. */
export function pythonVersion(): string | undefined {
  known ??= { version: askVersion() };
  return known.version;
}

function askVersion(): string | undefined {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim().replace("Python ", "") : undefined;
}

/** Starts a script that answers each line of JSON with another. */
export const startPython = (script: string): JsonProcess => startJson(command, [script]);
