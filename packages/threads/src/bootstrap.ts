/** What a thread of the pool runs first. */
import { type MessagePort, workerData } from "node:worker_threads";
import { Board, type WorkerOrder, type WorkerReport } from "@quintet/pool";
import { TaskRunner } from "@quintet/pool/worker";

interface ThreadData {
  readonly port: MessagePort;
  readonly board: SharedArrayBuffer;
}

const { port, board } = workerData as ThreadData;
// A task must not find the port: what it sends there would be taken for the pool's own.
for (const key of Object.keys(workerData as ThreadData)) Reflect.deleteProperty(workerData, key);

// Kept, because a task may overwrite globals.
const { process } = globalThis;

const runner = new TaskRunner(
  {
    send: (report: WorkerReport) => port.postMessage(report),
    exit: () => process.exit(0),
  },
  new Board(board),
);

port.on("message", (orders: readonly WorkerOrder[]) => runner.receive(orders));
// An order that cannot be read: without it nobody knows which task waits, so the thread gives up.
port.on("messageerror", (error) => {
  throw error;
});
