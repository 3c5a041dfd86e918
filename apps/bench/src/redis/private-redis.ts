import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { startChild } from "../children.ts";

/** A Redis for one subject in one work, so that none finds what another has left. */
export interface PrivateRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** *Errors*: where no Redis is installed. */
export async function privateRedis(...more: readonly string[]): Promise<PrivateRedis> {
  const program = ["redis-server", "valkey-server"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  );
  if (!program) throw new Error("no redis-server and no valkey-server is installed");
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "quintet-bench-"));
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...more];
  const child = startChild(program, args, { stdio: "ignore" });
  await untilUp(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a worker, which is there when it has written something. */
export async function startWorker(
  file: URL,
  url: string,
  program: string = process.execPath,
): Promise<() => Promise<void>> {
  const child = startChild(program, [file.pathname, url], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([
    once(child.stdout!, "data"),
    once(child, "exit").then(() => Promise.reject(new Error(`${file.pathname} has ended`))),
  ]);
  return async () => {
    await ended(child);
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function untilUp(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const probe = new Redis({ port, retryStrategy: () => null, lazyConnect: true });
    probe.on("error", () => {}); // not up yet
    const isUp = await probe.connect().then(
      () => true,
      () => false,
    );
    probe.disconnect();
    if (isUp) return;
    await sleep(25);
  }
  throw new Error("Redis has not started");
}
