/** The worker's end of a ring, in a thread of its own: parks until there is a run, and answers it. */
import { parentPort, workerData } from "node:worker_threads";
import { nextPosition } from "../src/transport/ring-memory.ts";
import { Ring } from "../src/transport/ring.ts";

const ring = new Ring(workerData as SharedArrayBuffer);
let position = ring.submitted;
parentPort?.postMessage("up");
for (let input: unknown; input !== "end"; position = nextPosition(position)) {
  while (ring.submitted === position) ring.park(position, 10_000);
  ring.start(position);
  input = ring.valueAt(position);
  ring.write(position, 0, `answer to ${String(input)}`);
  ring.complete(position);
  ring.alert();
}
