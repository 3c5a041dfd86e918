/**
 * The thread of a child process that takes runs back while a task blocks the main thread, shows that task that it was
 * cancelled, and sees when the pool is gone.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { Ring } from "@quintet/pool";
import { Claims } from "./claims.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { recallsPipe, returnsPipe } from "./pipes.ts";

/** The memory that this thread shares with the main one. */
export interface SharedMemory {
  readonly ring: SharedArrayBuffer;
  readonly claims: Int32Array;
}

const memory = workerData as SharedMemory;
const ring = new Ring(memory.ring);
const claims = new Claims(memory.claims);
/** How often runs were asked for, and those that can be given back. */
let asked = 0;
const returned: number[] = [];
const frames = new FrameWriter();

const reader = new FrameReader((kind: number, content: FrameContent) => {
  const position = content.integer();
  if (kind === Frame.cancel) ring.cancel(position);
  else {
    asked++;
    if (claims.revoke(position)) returned.push(position);
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

const recalls = new Socket({ fd: recallsPipe, readable: true, writable: false });
recalls.on("data", (piece: Buffer) => {
  reader.push(piece);
  giveBack();
});
recalls.on("close", end);
recalls.on("error", end);
