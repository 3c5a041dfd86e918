/**
 * The thread of a child process that takes runs back while a task blocks the main thread, says which answers are in the file, shows that task that it was
 * cancelled, and sees when the pool is gone.
 */
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { type Position, Ring } from "@quintet/pool/wire";
import { Claims } from "./claims.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { Patience } from "./patience.ts";
import { recallsPipe, returnsPipe } from "./pipes.ts";

/** The memory that this thread shares with the main one. */
export interface SharedMemory {
  readonly ring: SharedArrayBuffer;
  readonly claims: Int32Array;
  readonly patience: Int32Array;
}

const memory = workerData as SharedMemory;
const ring = new Ring(memory.ring);
const claims = new Claims(memory.claims);
const patience = new Patience(memory.patience);
/** How often runs were asked for, and those that can be given back. */
let asked = 0;
const returned: number[] = [];
const frames = new FrameWriter();

const reader = new FrameReader((kind: number, content: FrameContent) => {
  const number = content.integer();
  if (kind === Frame.cancel) ring.cancel(number);
  else if (kind === Frame.look) showRecorded(patience.end(number));
  else {
    asked++;
    if (claims.revoke(number)) returned.push(number);
  }
});

/** The pool is gone, and so is the use of all that runs here. */
function end(): void {
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
}

function showRecorded(upTo: Position): void {
  frames.begin(Frame.recorded);
  frames.integer(upTo);
  frames.end();
}

function giveBack(): void {
  if (asked === 0) return;
  frames.begin(Frame.returned);
  frames.integer(asked);
  asked = 0;
  for (const position of returned.splice(0)) frames.integer(position);
  frames.end();
}

function flush(): void {
  frames.flush((bytes) => {
    for (let at = 0; at < bytes.length;) at += writeSync(returnsPipe, bytes, at);
  });
}

const recalls = new Socket({ fd: recallsPipe, readable: true, writable: false });
recalls.on("data", (piece: Buffer) => {
  reader.push(piece);
  giveBack();
  flush();
});
recalls.on("close", end);
recalls.on("error", end);
