/** What a thread of the pool runs first. */
import { enableCompileCache } from "node:module";
import { getHeapStatistics } from "node:v8";
import {
  type MessagePort,
  receiveMessageOnPort,
  type Transferable,
  workerData,
} from "node:worker_threads";
import { Ring, type WorkerOrder, type WorkerReport } from "@quintet/pool/wire";
import { TaskRunner } from "@quintet/pool/worker";
import { type PrintReport, takeOutput } from "./thread-output.ts";

interface ThreadData {
  readonly port: MessagePort;
  readonly ring: SharedArrayBuffer;
  readonly parking: boolean;
  readonly compileCache: string | undefined;
}

const { port, ring, parking, compileCache } = workerData as ThreadData;
// A task must not find the port: what it sends there would be taken for the pool's own.
for (const key of Object.keys(workerData as ThreadData)) Reflect.deleteProperty(workerData, key);

if (compileCache !== undefined) enableCompileCache(compileCache);

// Kept, because a task may overwrite globals.
const { process, setImmediate } = globalThis;

const runner = new TaskRunner(
  {
    send: (report: WorkerReport, transfer) =>
      port.postMessage(report, transfer as readonly Transferable[] | undefined),
    take: () => receiveMessageOnPort(port)?.message as WorkerOrder | undefined,
    later: (call) => void setImmediate(call),
    exit: () => process.exit(0),
    memory: () => {
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
  },
  new Ring(ring),
  { naps: parking ? "long" : "short" },
);

takeOutput((stream, chunk) => {
  if (!runner.takeOutput(stream, chunk))
    port.postMessage(["print", stream, chunk] satisfies PrintReport);
});

port.on("message", (order: WorkerOrder) => runner.receive(order));
port.on("messageerror", (error) => runner.unreadable(error));
