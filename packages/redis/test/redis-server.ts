import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A Redis for tests. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash would. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port and with the same files. */
  start(): Promise<void>;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

const programs = ["redis-server", "valkey-server"];

/** The program that is installed. *Errors*: says what to do where there is none. */
function program(): string {
  const found = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found) return found;
  throw new Error(
    "These tests need a Redis: install redis-server or valkey-server (Debian: apt-get install redis-server), or set REDIS_URL.",
  );
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a private Redis on a free port, with a folder of its own. `more` are arguments of its program. */
export async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  return startProgram(["--save", "", ...more]);
}

/** Starts a Sentinel on a free port, with these lines in its configuration. */
export async function startSentinel(...lines: readonly string[]): Promise<RedisServer> {
  return startProgram(["--sentinel"], lines);
}

async function startProgram(
  more: readonly string[],
  lines?: readonly string[],
): Promise<RedisServer> {
  const name = program();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "quintet-redis-"));
  const file = join(folder, "sentinel.conf");
  if (lines) writeFileSync(file, `${lines.join("\n")}\n`);
  const own = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder];
  const args = [...(lines ? [file] : []), ...own, ...more];
  let child: ChildProcess | undefined;

  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    running.kill(signal);
    await once(running, "exit");
  };
  const endWithParent = (): void => void child?.kill("SIGKILL");
  const start = async (): Promise<void> => {
    child = spawn(name, args, { stdio: "ignore" });
    const probe = new Redis({
      port,
      host: "127.0.0.1",
      retryStrategy: () => 20,
      lazyConnect: true,
    });
    probe.on("error", () => {}); // not up yet
    try {
      while (!(await isUp(probe)));
    } finally {
      probe.disconnect();
    }
  };
  process.on("exit", endWithParent);
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    signal: (signal) => void child?.kill(signal),
    stop: async () => {
      process.off("exit", endWithParent);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isUp(probe: Redis): Promise<boolean> {
  try {
    return (await probe.ping()) === "PONG";
  } catch {
    return false;
  }
}

/** The Redis that `REDIS_URL` names, or a private one. */
export async function testRedis(): Promise<Pick<RedisServer, "url" | "stop">> {
  const url = process.env["REDIS_URL"];
  return url ? { url, stop: async () => {} } : startRedis();
}
