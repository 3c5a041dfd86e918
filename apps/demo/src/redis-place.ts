import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Executor } from "@quintet/core";
import { redis } from "@quintet/redis";
import type { Place } from "./places.ts";
import { demoQueue } from "./redis-queue.ts";

const programs = ["redis-server", "valkey-server"];

/** Ends a program when nobody holds its input open any more, however that came about. */
const leash = `"$@" & pid=$!; read -r _; kill "$pid"; wait "$pid"`;

/** A queue with a private Redis and so many worker processes of its own. */
export function redisPlace(size: number): Place {
  const program = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
  return {
    name: "redis",
    open: () => openQueue(program ?? "redis-server", size),
    ...(!program && {
      unavailable:
        "no redis-server or valkey-server is installed (Debian: apt-get install redis-server)",
    }),
  };
}

function openQueue(program: string, size: number): Executor {
  const folder = mkdtempSync(join(tmpdir(), "quintet-demo-"));
  const path = join(folder, "redis.sock");
  // A socket file needs no port, so nobody else can be in the way.
  const args = ["--port", "0", "--unixsocket", path, "--dir", folder, "--save", ""];
  const children: ChildProcess[] = [start("sh", ["-c", leash, "sh", program, ...args])];
  const file = new URL("./redis-worker.ts", import.meta.url).pathname;
  const workers = Array.from({ length: size }, () =>
    start(process.execPath, [...process.execArgv, file, path]),
  );
  children.push(...workers);
  const queue = redis({ queue: demoQueue, connection: { path } });
  const ready = queue.ready.bind(queue);
  queue.ready = async () => {
    await Promise.all(workers.map((worker) => isUp(worker)));
    await ready();
  };
  const close = queue.close.bind(queue);
  queue.close = async (options) => {
    await close(options);
    // First the workers, who want to say goodbye to Redis.
    for (const child of children.splice(0).toReversed()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  return queue;
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin?.on("error", () => {}); // it may have ended before we let it go
  return child;
}

/** A worker says so; one that has ended never will. */
async function isUp(worker: ChildProcess): Promise<void> {
  const out = worker.stdout;
  if (out) await Promise.race([once(out, "data"), once(worker, "exit")]);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, "exit");
}
