/** A Redis that has just gone keeps nobody from closing. */
import { eventLoop } from "@quintet/async";
import { expect, it } from "vitest";
import { redis, serve } from "../src/index.ts";
import { startRedis } from "./redis-server.ts";
import { fleet as tasks } from "./task-files/fleet.tasks.ts";

it("closes a client and a worker whose Redis does not answer any more", async () => {
  const server = await startRedis();
  const { url: connection } = server;
  const client = redis({ queue: "text", connection });
  const worker = serve({ queue: "text", tasks, on: eventLoop(), connection });
  try {
    await Promise.all([worker.ready(), client.ready()]);
    expect(await client.run(tasks.echo, 1)).toBe(1);
    // Its sockets stay open, so nobody hears that it is gone.
    server.signal("SIGSTOP");
    await Promise.all([client.close(), worker.close({ cancel: true })]);
  } finally {
    server.signal("SIGCONT");
    await server.stop();
  }
});
