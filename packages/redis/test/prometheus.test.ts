/** What Prometheus is told, read by a parser of others. */
import { createRequire } from "node:module";
import { eventLoop } from "@quintet/async";
import { afterEach, expect, it } from "vitest";
import { serve } from "../src/index.ts";
import { prometheus } from "../src/prometheus.ts";
import { Fleet, outcome, until } from "./fleet.ts";
import { startRedis, testRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value?: string;
  }[];
}

/** It has no types of its own. */
const parse = createRequire(import.meta.url)("parse-prometheus-text-format") as (
  text: string,
) => Family[];

let fleet = new Fleet();

afterEach(async () => {
  await fleet.clear();
  fleet = new Fleet();
});

/** The value of a metric with these labels. */
function valueOf(
  text: string,
  name: string,
  labels: Record<string, string> = {},
): string | undefined {
  const family = parse(text).find((one) => one.name === name);
  const metric = family?.metrics.find(({ labels: own = {} }) =>
    Object.entries(labels).every(([label, value]) => own[label] === value),
  );
  return metric?.value;
}

it("counts the jobs of a queue, its workers, and the tasks of executors", async () => {
  const server = await testRedis();
  const { queue } = fleet;
  const client = fleet.client(server.url);
  const on = eventLoop({ concurrency: 3 });
  const executors = { client, 'where it "runs"\\': on };
  const metrics = prometheus({ queue, connection: server.url, executors });
  try {
    await client.send(tasks.echo, 1);
    await client.send(tasks.echo, 1, { delay: 600_000 });
    const before = await metrics.text();
    expect(valueOf(before, "quintet_redis_up", { queue })).toBe("1");
    expect(valueOf(before, "quintet_queue_jobs", { queue, state: "waiting" })).toBe("1");
    expect(valueOf(before, "quintet_queue_jobs", { state: "delayed" })).toBe("1");
    expect(valueOf(before, "quintet_queue_workers")).toBe("0");

    const worker = serve({ queue, tasks, on, concurrency: 3, connection: server.url });
    await worker.ready();
    expect(await client.run(tasks.echo, 2)).toBe(2);
    expect(await outcome(client.run(tasks.thrice))).toBeInstanceOf(RangeError);
    const after = await metrics.text();
    expect(valueOf(after, "quintet_queue_workers")).toBe("1");
    expect(valueOf(after, "quintet_queue_slots")).toBe("3");
    const names = { executor: "client" };
    const ended = "quintet_tasks_ended_total";
    expect(valueOf(after, ended, { ...names, outcome: "completed" })).toBe("1");
    expect(valueOf(after, ended, { ...names, outcome: "failed" })).toBe("1");
    expect(valueOf(after, ended, { executor: 'where it "runs"\\', outcome: "completed" })).toBe(
      "2",
    );
    expect(parse(after).find(({ name }) => name === "quintet_task_run_seconds")?.type).toBe(
      "SUMMARY",
    );
    expect(after).toMatch(
      /^quintet_task_run_seconds\{executor="client",quantile="0.99"\} 0\.\d+$/m,
    );
    expect(after).toMatch(/^quintet_task_run_seconds_count\{executor="client"\} 2$/m);
    expect(after).toMatch(/^quintet_task_run_seconds_sum\{executor="client"\} 0\.\d+$/m);
    await worker.close();
  } finally {
    await metrics.close();
    await fleet.clear();
    await server.stop();
  }
});

it("tells what there is to tell while Redis is not there, and goes on when it is back", async () => {
  const server = await startRedis();
  const errors: Error[] = [];
  const metrics = prometheus({
    queue: fleet.queue,
    connection: server.url,
    executors: { here: eventLoop() },
    timeout: 100,
    onError: (error) => errors.push(error),
  });
  try {
    const up = async (): Promise<string | undefined> =>
      valueOf(await metrics.text(), "quintet_redis_up");
    await until(async () => (await up()) === "1");
    await server.kill();
    await until(async () => (await up()) === "0");
    expect(valueOf(await metrics.text(), "quintet_tasks", { state: "queued" })).toBe("0");
    expect(await metrics.text()).not.toContain("quintet_queue_jobs");
    expect(errors.length).toBeGreaterThan(0);
    await server.start();
    await until(async () => (await up()) === "1");
  } finally {
    await metrics.close();
    expect(valueOf(await metrics.text(), "quintet_redis_up")).toBe("0");
    await server.stop();
  }
});

it("refuses what it cannot tell of", () => {
  expect(() => prometheus({ queue: "text", executors: { no: {} as never } })).toThrow(/executors/);
  expect(() => prometheus({} as never)).toThrow(/queue is missing/);
});
