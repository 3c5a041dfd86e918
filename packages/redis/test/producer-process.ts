/** A program that sends tasks and waits for some of their results; its arguments are options of `redis`, as JSON. */
import { QueueAdmin } from "../src/command-line/queue-admin.ts";
import { redis, type RedisOptions } from "../src/index.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

const { journal, ...options } = JSON.parse(process.argv[2] ?? "{}") as RedisOptions & {
  journal: string;
};
const client = redis(options);
for (let name = 0; name < 20; name++) {
  await client.send(tasks.work, { journal, name }, { id: `sent ${name}` });
}
const awaited = Array.from({ length: 20 }, (_, name) =>
  client.run(tasks.work, { journal, name: `awaited ${name}` }, { id: `awaited ${name}` }),
);
// Those without an id as well: their results are for nobody.
awaited.push(
  ...Array.from({ length: 20 }, () => client.run(tasks.work, { journal, name: "lost" })),
);
// Only what Redis has outlives this process.
const admin = new QueueAdmin(options.queue, options.connection as string, undefined);
const sent = async (): Promise<number> =>
  (await admin.jobs("waiting", 100)).reduce((sum, { tasks: count }) => sum + count, 0);
while ((await sent()) < 60);
process.stdout.write("ready\n");
await Promise.all(awaited);
