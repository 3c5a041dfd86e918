import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = new URL("../../../packages/redis/test/soak/soak.ts", import.meta.url);

/** Runs the audit of the queue, which needs the servers and workers of its fault tests; false when it finds something wrong. */
export async function runQueueSoak(options: readonly string[]): Promise<boolean> {
  const flags = ["--conditions=@quintet/source", fileURLToPath(program), ...options];
  const [code] = (await once(spawn(process.execPath, flags, { stdio: "inherit" }), "exit")) as [
    number | null,
  ];
  return code === 0;
}
