import { eventLoop } from "@quintet/async";
import { serve } from "@quintet/redis";
import { bench } from "./noop.tasks.js";

const worker = serve({
  queue: "bench",
  tasks: bench,
  on: eventLoop(),
  concurrency: 50,
  connection: process.argv[2],
});
await worker.ready();
process.stdout.write("ready\n");
