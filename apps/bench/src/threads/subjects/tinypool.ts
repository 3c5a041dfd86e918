import { setMaxListeners } from "node:events";
import { Tinypool } from "tinypool";
import { packageVersion } from "../../package-version.ts";
import type { ThreadSubject } from "../thread-subject.ts";
import { workerFile } from "../worker-file.ts";
import { byName } from "./by-name.ts";

/** As its README has it, which refers to Piscina's for all but the constructor; `destroy()` at the end. */
export const tinypool: ThreadSubject = {
  name: "tinypool",
  kind: "peer",
  version: packageVersion("tinypool"),
  module: import.meta.url,
  open({ size }) {
    const filename = workerFile("named.js");
    const pool = new Tinypool({ filename, minThreads: size, maxThreads: size });
    const moves = { filename: workerFile("tinypool-moves.js"), name: "bounce" };
    return {
      run: (name, input) => pool.run(input, byName[name]) as Promise<never>,
      send: (bytes) => pool.run(bytes, { ...byName.weigh, transferList: [bytes.buffer] }),
      bounce: (bytes) => pool.run(bytes, { ...moves, transferList: [bytes.buffer] }),
      cancellation() {
        const controller = new AbortController();
        const { signal } = controller;
        setMaxListeners(0, signal);
        return {
          run: (input) => pool.run(input, { ...byName.noop, signal }),
          cancel: () => controller.abort(),
          isCancelled: (error) => error instanceof Error && error.name === "AbortError",
        };
      },
      close: () => pool.destroy(),
    };
  },
};
