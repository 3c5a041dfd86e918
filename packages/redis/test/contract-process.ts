/** A program that uses all that a client has, and ends with 0 when all of it is right. Its arguments are options of `redis`. */
import assert from "node:assert/strict";
import { redis, type RedisOptions } from "../src/index.ts";
import { outcome, until } from "./fleet.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const client = redis(JSON.parse(process.argv[2] ?? "{}") as RedisOptions);
await client.ready();
assert.equal(await client.run(tasks.echo, 1), 1);
const many = Array.from({ length: 200 }, (_, n) => n);
assert.deepEqual(await client.map(tasks.echo, many).toArray(), many);
const runs = many.map((n) => client.run(tasks.echo, n, { priority: n % 3 }));
assert.deepEqual(await Promise.all(runs), many);
const items: number[] = [];
for await (const item of client.stream(tasks.count, { name: 40 })) items.push(item);
assert.equal(items.length, 40);

await client.send(tasks.echo, "kept", { id: "kept" });
assert.equal((await client.send(tasks.echo, "again", { id: "kept" })).deduped, true);
assert.equal(await client.job("kept").result(), "kept");
assert.equal(await client.job("kept").state(), "completed");
await client.send(tasks.echo, 1, { id: "late", delay: 60_000 });
assert.equal(await client.job("late").state(), "delayed");
assert.equal(await client.job("late").cancel(), true);
assert.equal(await client.run(tasks.echo, "soon", { delay: 100 }), "soon");
assert.equal(await client.run(tasks.thrice, undefined, { retry: { attempts: 3, delay: 1 } }), 3);
await assert.rejects(client.run(tasks.thrice), RangeError);
assert.equal(
  await outcome(client.run(tasks.work, { name: 1, milliseconds: 60_000 }, { timeout: 50 })),
  "TIMEOUT",
);
await client.repeat("often", tasks.echo, 1, { every: 50 });
assert.equal(await client.stopRepeating("often"), true);

const controller = new AbortController();
const long = { name: "long", milliseconds: 60_000 };
const cancelled = outcome(client.run(tasks.work, long, { signal: controller.signal }));
await until(() => client.stats().running === 1);
controller.abort("enough");
assert.equal(await cancelled, "enough");
await until(() => client.stats().running === 0);
await client.close();
