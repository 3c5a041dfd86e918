/** A program that serves a queue; its arguments are options of `serve`, as JSON. */
import { eventLoop } from "@quintet/async";
import { serve, type ServeOptions } from "../src/index.ts";
import { fleet } from "./task-files/fleet.tasks.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as Partial<ServeOptions>;
const on = eventLoop();
const worker = serve({
  queue: "fleet",
  tasks: fleet,
  on,
  onError: ({ message }) => process.stderr.write(`${message}\n`),
  ...options,
});
await worker.ready();
process.once("SIGTERM", () => {
  void worker.close({ deadline: 300 }).then(() => process.exit(0));
});
process.stdout.write("ready\n");
