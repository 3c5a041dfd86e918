/** Several servers of Redis that stand for each other. */
import { spawnSync } from "node:child_process";
import { Redis, type RedisOptions } from "ioredis";
import type { ClusterConnection } from "../src/index.ts";
import { until } from "./fleet.ts";
import { freePort, type RedisServer, startRedis, startSentinel } from "./redis-server.ts";

/** A master, a replica, and three Sentinels that watch them. */
export interface SentinelGroup {
  readonly connection: RedisOptions;
  readonly master: RedisServer;
  stop(): Promise<void>;
}

export async function startSentinelGroup(): Promise<SentinelGroup> {
  const master = await startRedis();
  const replica = await startRedis("--replicaof", "127.0.0.1", `${master.port}`);
  const sentinels = await Promise.all(
    [1, 2, 3].map(() =>
      startSentinel(
        `sentinel monitor main 127.0.0.1 ${master.port} 2`,
        "sentinel down-after-milliseconds main 1000",
        "sentinel failover-timeout main 5000",
      ),
    ),
  );
  // They have to know of each other and of the replica before they can promote it.
  for (const { port } of sentinels) {
    await until(async () => {
      const [, others, replicas] = await counts(port);
      return others === 2 && replicas === 1;
    }, 20_000);
  }
  const connection = {
    sentinels: sentinels.map(({ port }) => ({ host: "127.0.0.1", port })),
    name: "main",
  };
  return {
    connection,
    master,
    stop: async () => {
      await Promise.all([...sentinels, master, replica].map((server) => server.stop()));
    },
  };
}

/** What a Sentinel knows: whether the master is well, other Sentinels, replicas that follow. */
async function counts(port: number): Promise<[string, number, number]> {
  const redis = new Redis(port, "127.0.0.1");
  try {
    const fields = (await redis.call("SENTINEL", "MASTER", "main")) as string[];
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? "";
    return [field("flags"), Number(field("num-other-sentinels")), Number(field("num-slaves"))];
  } finally {
    redis.disconnect();
  }
}

/** Three masters that share the slots. */
export interface RedisCluster {
  readonly connection: ClusterConnection;
  readonly nodes: readonly RedisServer[];
  /** The node that has a key. */
  holderOf(key: string): Promise<RedisServer>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(
    [1, 2, 3].map(async () =>
      startRedis(
        ...["--cluster-enabled", "yes", "--cluster-port", `${await freePort()}`],
        ...["--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no"],
        ...["--appendonly", "yes", "--appendfsync", "always"],
      ),
    ),
  );
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const args = ["--cluster", "create", ...addresses, "--cluster-yes"];
  const made = ["redis-cli", "valkey-cli"].map((name) => spawnSync(name, args));
  const answer = made.find(({ status }) => status !== null);
  if (answer?.status !== 0) throw new Error(`There is no cluster: ${String(answer?.stdout)}`);
  for (const { port } of nodes) {
    const redis = new Redis(port, "127.0.0.1");
    await until(async () => (await redis.cluster("INFO")).includes("cluster_state:ok"));
    redis.disconnect();
  }
  return {
    connection: { nodes: nodes.map(({ port }) => ({ host: "127.0.0.1", port })) },
    nodes,
    async holderOf(key) {
      const redis = new Redis(nodes[0]!.port, "127.0.0.1");
      try {
        const slot = await redis.cluster("KEYSLOT", key);
        const ranges = await redis.cluster("SLOTS");
        const range = ranges.find(([from, to]) => from <= slot && slot <= to);
        return nodes.find(({ port }) => port === range?.[2]?.[1])!;
      } finally {
        redis.disconnect();
      }
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
