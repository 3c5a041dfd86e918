/** What a child process of the pool runs first, on its main thread, where the tasks run as well. */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { Order, Ring, ringSlots, wakeUp, type WorkerOrder } from "@quintet/pool/wire";
import { TaskRunner } from "@quintet/pool/worker";
import { Claims } from "./claims.ts";
import { isEnding } from "./ending.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { Patience } from "./patience.ts";
import { answerFile, ordersPipe, reportsPipe } from "./pipes.ts";
import { takeOutput } from "./process-output.ts";
import type { SharedMemory } from "./recall-thread.ts";
import { putRuns } from "./put-runs.ts";
import { recallThread } from "./recall-thread-url.ts";
import { RecordWriter } from "./record-writer.ts";
import { TaskRing } from "./task-ring.ts";
import { deserialize, serialize, travels } from "./values.ts";

// Kept, because a task may overwrite globals.
const { process, setImmediate } = globalThis;

/** So much is read at once, into memory that is written over by what is read next. */
const inboxBytes = 262_144;

const frames = new FrameWriter();

/** Blocks while the pool does not read: nothing is lost, and nothing piles up here. */
function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(reportsPipe, bytes, at);
}

const cells = (count: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));

const memory: SharedMemory = {
  ring: new Ring().buffer,
  claims: cells(ringSlots),
  patience: cells(2),
};
const claims = new Claims(memory.claims);
const patience = new Patience(memory.patience);
const ring = new TaskRing(memory.ring, claims, patience, {
  frames,
  flush: () => frames.flush(write),
  records: new RecordWriter(answerFile),
});
let recalls: Worker | undefined;

/** Starts the other thread, before anything of the user's runs: an idle process, or one that starts, does without. */
function startRecalls(): void {
  recalls = new Worker(recallThread, {
    name: "quintet recalls",
    workerData: memory,
  });
  // It ends with this process, and this process with it: without it nobody would see that the pool is gone.
  recalls.unref();
  recalls.on("error", (error) => {
    throw error;
  });
}

const runner = new TaskRunner(
  {
    travels,
    send(report) {
      ring.report(serialize(report));
      // How a run ended goes out with what follows in this turn: the next start, or that there is none.
      if (!isEnding(report)) ring.tell();
    },
    // All that has arrived was handed over.
    take: () => undefined,
    later(call) {
      ring.tell();
      setImmediate(call);
    },
    exit: () => process.exit(0),
    memory: () => {
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
  },
  ring,
  { naps: "none" },
);

takeOutput((stream, chunk) => runner.takeOutput(stream, chunk));

const reader = new FrameReader((kind: number, content: FrameContent) => {
  if (kind === Frame.runs) {
    patience.begin(content.integer());
    ring.submit(putRuns(ring, content));
  } else obey(content.rest());
});

function obey(bytes: Uint8Array): void {
  let order: WorkerOrder;
  try {
    order = deserialize(bytes) as WorkerOrder;
  } catch (error) {
    runner.unreadable(error);
    return;
  }
  // It may be here before the recall of a run that has not started, and before that starts.
  if (typeof order === "object" && order[0] === Order.cancel) claims.revoke(order[1]);
  runner.receive(order);
}

const orders = new Socket({
  fd: ordersPipe,
  readable: true,
  writable: false,
  onread: {
    buffer: Buffer.allocUnsafeSlow(inboxBytes),
    callback(count, bytes) {
      if (!recalls) startRecalls();
      reader.push(bytes.subarray(0, count) as Buffer);
      runner.receive(wakeUp);
      return true;
    },
  },
});
orders.resume();
// Where the pool is gone, the other thread ends this process; it may be too late for that to be seen as an error.
orders.on("error", () => {});
