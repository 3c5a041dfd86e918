import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ThreadSubject } from "../../threads/thread-subject.ts";

const file = fileURLToPath(new URL("../workers/bare-fork.js", import.meta.url));

/** What Node's own `fork` takes, one message for each task, in turns: no queue, no errors, no cancelling. */
export const bareFork: ThreadSubject = {
  name: "bare fork",
  kind: "floor",
  version: process.version,
  module: import.meta.url,
  open({ size }) {
    const children = Array.from({ length: size }, () => fork(file, { serialization: "advanced" }));
    const waiting = new Map<number, (output: never) => void>();
    let next = 0;
    for (const child of children) {
      child.on("message", (message) => {
        const { id, output } = message as { id: number; output: never };
        waiting.get(id)?.(output);
        waiting.delete(id);
      });
    }
    return {
      run(name, input) {
        const id = next++;
        return new Promise<never>((resolve) => {
          waiting.set(id, resolve);
          children[id % size]?.send({ id, name, input });
        });
      },
      close: async () => void (await Promise.all(children.map(end))),
    };
  },
};

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.disconnect();
  await gone;
}
