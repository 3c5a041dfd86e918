/** A worker of the demo's queue: where Redis is comes as an argument. It ends with its parent. */
import { eventLoop } from "@quintet/async";
import { serve } from "@quintet/redis";
import { corpus } from "./corpus.tasks.ts";
import { demoQueue } from "./redis-queue.ts";
import { turns } from "./turns.tasks.ts";

const worker = serve({
  queue: demoQueue,
  tasks: [corpus, turns],
  on: eventLoop(),
  connection: { path: process.argv[2] ?? "" },
});
void worker.ready().then(() => process.stdout.write("up\n"));
process.stdin.resume().once("end", () => {
  void worker.close({ cancel: true }).then(() => process.exit());
});
