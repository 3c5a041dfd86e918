/**
 * The thread of a child process that takes its orders: while a task blocks the main thread, runs are still taken back
 * here, and it is seen when the pool is gone.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { type MessagePort, workerData } from "node:worker_threads";
import { Ring, wakeUp } from "@quintet/pool";
import { putRuns } from "./caller-ring.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { ordersPipe, returnsPipe } from "./pipes.ts";

const { buffer, port } = workerData as {
  readonly buffer: SharedArrayBuffer;
  readonly port: MessagePort;
};
const ring = new Ring(buffer);
/** How often runs were asked for, and those that can be given back. */
let asked = 0;
const returned: number[] = [];
const frames = new FrameWriter();

const reader = new FrameReader((kind: number, content: FrameContent) => {
  if (kind === Frame.runs) {
    if (ring.submit(putRuns(ring, content))) port.postMessage(wakeUp);
  } else if (kind === Frame.order) {
    const bytes = Uint8Array.from(content.rest());
    port.postMessage(bytes, [bytes.buffer]);
    ring.unpark();
  } else {
    const position = content.integer();
    if (kind === Frame.cancel) ring.cancel(position);
    else {
      asked++;
      if (ring.revoke(position)) returned.push(position);
    }
  }
});

/** The pool is gone, and so is the use of all that runs here. */
function end(): void {
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
}

function giveBack(): void {
  if (asked === 0) return;
  frames.begin(Frame.returned);
  frames.integer(asked);
  asked = 0;
  for (const position of returned.splice(0)) frames.integer(position);
  frames.end();
  frames.flush((bytes) => {
    for (let at = 0; at < bytes.length;) at += writeSync(returnsPipe, bytes, at);
  });
}

const orders = new Socket({ fd: ordersPipe, readable: true, writable: false });
orders.on("data", (piece: Buffer) => {
  reader.push(piece);
  giveBack();
});
orders.on("close", end);
orders.on("error", end);
