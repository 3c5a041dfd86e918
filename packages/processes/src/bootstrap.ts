/** What a child process of the pool runs first, on its main thread, where the tasks run as well. */
import { writeSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { Ring, wakeUp, type WorkerOrder } from "@quintet/pool";
import { TaskRunner } from "@quintet/pool/worker";
import { Frame, FrameWriter } from "./frames.ts";
import { reportsPipe } from "./pipes.ts";
import { takeOutput } from "./process-output.ts";
import { TaskRing } from "./task-ring.ts";
import { deserialize, serialize, travels } from "./values.ts";

// Kept, because a task may overwrite globals.
const { process, setImmediate } = globalThis;

const frames = new FrameWriter();

/** Blocks while the pool does not read: nothing is lost, and nothing piles up here. */
function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(reportsPipe, bytes, at);
}

const flush = (): void => frames.flush(write);

const { buffer } = new Ring();
const { port1: port, port2 } = new MessageChannel();
const name = import.meta.url.endsWith(".ts") ? "./order-thread.ts" : "./order-thread.js";
const orders = new Worker(new URL(name, import.meta.url), {
  name: "quintet orders",
  workerData: { buffer, port: port2 },
  transferList: [port2],
});
// It ends with this process, and this process with it: without it nobody would see that the pool is gone.
orders.unref();
orders.on("error", (error) => {
  throw error;
});

const read = (message: unknown): WorkerOrder =>
  message === wakeUp ? wakeUp : (deserialize(message as Uint8Array) as WorkerOrder);

const runner = new TaskRunner(
  {
    travels,
    send(report) {
      frames.whole(Frame.report, serialize(report));
      flush();
    },
    take() {
      const next = receiveMessageOnPort(port);
      return next && read(next.message);
    },
    later: (call) => void setImmediate(call),
    exit: () => process.exit(0),
    memory: () => {
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
  },
  new TaskRing(buffer, frames, flush),
);

takeOutput((stream, chunk) => runner.takeOutput(stream, chunk));

port.on("message", (message: unknown) => {
  let order: WorkerOrder;
  try {
    order = read(message);
  } catch (error) {
    runner.unreadable(error);
    return;
  }
  runner.receive(order);
});
