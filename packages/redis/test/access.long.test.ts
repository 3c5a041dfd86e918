/** Who may use a Redis: TLS, users with few rights, wrong passwords. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { eventLoop } from "@quintet/async";
import { Redis, type RedisOptions } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisQueue, serve, type ServeOptions, type TaskWorker } from "../src/index.ts";
import { Fleet, outcome, until } from "./fleet.ts";
import { freePort, type RedisServer, startRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";
import { useNames } from "./use-names.ts";

const limit = 60_000;
const on = eventLoop();
const workers: TaskWorker[] = [];
let folder: string;
let ca: string;
let server: RedisServer;
let tls: number;
let fleet: Fleet;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "quintet-access-"));
  certificate("own");
  certificate("foreign");
  ca = readFileSync(join(folder, "own.pem"), "utf8");
  tls = await freePort();
  server = await startRedis(
    ...["--tls-port", `${tls}`, "--tls-auth-clients", "no", "--tls-ca-cert-file"],
    ...[join(folder, "own.pem"), "--tls-cert-file", join(folder, "own.pem")],
    ...["--tls-key-file", join(folder, "own.key")],
  );
});
beforeEach(() => (fleet = new Fleet()));
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close({ cancel: true })));
  await fleet.clear();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Makes a certificate for this machine, signed by itself. */
function certificate(name: string): void {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  const files = ["-keyout", join(folder, `${name}.key`), "-out", join(folder, `${name}.pem`)];
  const made = spawnSync("openssl", ["req", "-x509", ...key, ...subject, ...files]);
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${String(made.stderr)}`);
}

async function work(connection: RedisOptions, more: Partial<ServeOptions> = {}): Promise<void> {
  const worker = serve({ queue: fleet.queue, tasks, on, concurrency: 4, connection, ...more });
  workers.push(worker);
  await worker.ready();
}

/** How so many runs fail. */
const failures = (client: RedisQueue, runs: number): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: runs }, (_, n) =>
      client.run(tasks.echo, n).catch((error: unknown) => error),
    ),
  );

/** Whatever a client does. */
async function useAll(connection: RedisOptions): Promise<void> {
  const client = fleet.client("", { connection });
  await client.ready();
  expect(await client.run(tasks.echo, 1)).toBe(1);
  const many = Array.from({ length: 100 }, (_, n) => n);
  expect(await client.map(tasks.echo, many).toArray()).toEqual(many);
  const items: number[] = [];
  for await (const item of client.stream(tasks.count, { name: 40 })) items.push(item);
  expect(items).toHaveLength(40);
  await client.send(tasks.echo, "kept", { id: "kept" });
  expect(await client.job("kept").result()).toBe("kept");
  await client.send(tasks.echo, 1, { id: "late", delay: 60_000 });
  expect(await client.job("late").state()).toBe("delayed");
  expect(await client.job("late").cancel()).toBe(true);
  const retry = { attempts: 3, delay: 1 };
  expect(await client.run(tasks.thrice, undefined, { retry })).toBe(3);
  await client.repeat("often", tasks.echo, 1, { every: 50 });
  expect(await client.stopRepeating("often")).toBe(true);
  await useNames(client);
  const controller = new AbortController();
  const long = { name: "long", milliseconds: limit };
  const cancelled = outcome(client.run(tasks.work, long, { signal: controller.signal }));
  await until(() => client.stats().running === 1);
  controller.abort("enough");
  expect(await cancelled).toBe("enough");
  await until(() => client.stats().running === 0);
  await client.close();
}

describe("TLS", () => {
  const secured = (trusted: string): RedisOptions => ({
    ...{ host: "127.0.0.1", port: tls, tls: { ca: trusted } },
  });

  it("carries all that a client and a worker say", { timeout: limit }, async () => {
    await work(secured(ca));
    await expect(useAll(secured(ca))).resolves.toBeUndefined();
  });

  it(
    "with a certificate that nobody vouches for ends every await, and says why",
    { timeout: limit },
    async () => {
      const foreign = secured(readFileSync(join(folder, "foreign.pem"), "utf8"));
      const client = fleet.client("", { connection: foreign });
      for (const error of await failures(client, 2)) {
        expect(error).toMatchObject({
          code: "UNREACHABLE",
          message: expect.stringContaining("self-signed certificate"),
        });
      }
      expect(await outcome(client.ready())).toBe("UNREACHABLE");
      await expect(work(foreign)).rejects.toThrow("self-signed certificate");
    },
  );

  it("that only one side speaks ends every await, and says why", { timeout: limit }, async () => {
    const deaf = { host: "127.0.0.1", port: server.port, tls: { ca } };
    const mute = { host: "127.0.0.1", port: tls };
    for (const [connection, why] of [
      [deaf, /is it up/],
      [mute, /connection was closed|ECONNRESET|EPIPE/],
    ] as const) {
      const client = fleet.client("", { connection, sendTimeout: 1_000 });
      const [error] = await failures(client, 1);
      expect(error).toMatchObject({ code: "UNREACHABLE", message: expect.stringMatching(why) });
      await client.close();
    }
  });
});

describe("a user", () => {
  /** As the documentation has it. */
  const rights = (queue: string): string[] =>
    (
      `~quintet:{${queue}}* &quintet:{${queue}}* -@all ` +
      "+@read +@write +@connection +@transaction +@scripting +@pubsub -@dangerous +info +time"
    ).split(" ");

  async function user(name: string, ...rules: readonly string[]): Promise<RedisOptions> {
    const redis = new Redis(server.url);
    await redis.call("ACL", "SETUSER", name, "reset", "on", ">pass", ...rules);
    redis.disconnect();
    return { host: "127.0.0.1", port: server.port, username: name, password: "pass" };
  }

  it(
    "with the few rights that the documentation names does all that a client and a worker do",
    { timeout: limit },
    async () => {
      const connection = await user("few", ...rights(fleet.queue));
      const errors: Error[] = [];
      await work(connection, { onError: (error) => errors.push(error) });
      await useAll(connection);
      expect(errors).toEqual([]);
      const other = fleet.client("", { connection, queue: "other" });
      expect(await outcome(other.run(tasks.echo, 1))).toBe("UNREACHABLE");
    },
  );

  it.each(["xadd", "xread", "smembers", "pexpire"])(
    "who may not %s has every await ended, and is told of that",
    { timeout: limit },
    async (command) => {
      await work({ host: "127.0.0.1", port: server.port });
      const connection = await user("fewer", ...rights(fleet.queue), `-${command}`);
      const client = fleet.client("", { connection });
      for (const error of await failures(client, 2)) {
        expect(error).toMatchObject({
          code: "UNREACHABLE",
          message: expect.stringMatching(/NOPERM|can't run this command/),
        });
      }
    },
  );

  it.each(["bzpopmin", "evalsha"])(
    "who may not %s serves nobody, and keeps no client waiting",
    { timeout: limit },
    async (command) => {
      const connection = await user("fewer", ...rights(fleet.queue), `-${command}`);
      const errors: Error[] = [];
      const worker = serve({
        ...{ queue: fleet.queue, tasks, on, connection },
        onError: (error) => errors.push(error),
      });
      workers.push(worker);
      await until(() => errors.some(({ message }) => message.startsWith("NOPERM")));
      const client = fleet.client(server.url, { noWorkersTimeout: 1_000 });
      expect(await outcome(client.run(tasks.echo, 1))).toBe("NO_WORKERS");
    },
  );

  it("who may not subscribe is told so when it begins to serve", { timeout: limit }, async () => {
    const connection = await user("fewer", ...rights(fleet.queue), "resetchannels");
    await expect(work(connection)).rejects.toThrow("NOPERM");
    const client = fleet.client(server.url, { noWorkersTimeout: 1_000 });
    expect(await outcome(client.run(tasks.echo, 1))).toBe("NO_WORKERS");
  });

  it(
    "with a wrong password has every await ended, and reads no password in any error",
    { timeout: limit },
    async () => {
      const connection = { ...(await user("few", ...rights(fleet.queue))), password: "hunter2" };
      const client = fleet.client("", { connection });
      const errors: unknown[] = [];
      const note = (error: unknown): void => void errors.push(error);
      const asked = [
        client.run(tasks.echo, 1),
        client.map(tasks.echo, [1, 2]).toArray(),
        client.send(tasks.echo, 1),
        client.job("it").result(),
        client.job("it").state(),
        client.repeat("it", tasks.echo, 1, { every: 1_000 }),
        client.ready(),
      ];
      await Promise.all(asked.map((ask: Promise<unknown>) => ask.catch(note)));
      expect(errors).toHaveLength(7);
      await work(connection, { onError: note }).catch(note);
      expect(errors.length).toBeGreaterThan(8);
      expect(inspect(errors, { depth: Infinity })).toContain("WRONGPASS");
      expect(inspect(errors, { depth: Infinity })).not.toContain("hunter2");
    },
  );
});
