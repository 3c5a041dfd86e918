import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startJson } from "../../json-process.ts";
import { startWorker } from "../private-redis.ts";
import type { QueueSubject } from "../queue-client.ts";

const version = (python: string): string | undefined => {
  const { status, stdout } = spawnSync(python, ["-c", "import rq; print(rq.VERSION)"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
};

/** The one that `python3` is may not be the one that a distribution's package is for. */
const python = ["python3", "/usr/bin/python3"].find((name) => version(name) !== undefined);

/** Python's, with the worker that does not fork, and one job after the other. What is sent in one tick goes in one `enqueue_many`. */
export const rq: QueueSubject = {
  name: "RQ",
  kind: "peer",
  version: (python !== undefined && version(python)) || "",
  async open(url) {
    if (python === undefined) throw new Error("there is no Python with RQ (Debian: python3-rq)");
    const stop = await startWorker(
      new URL("../workers/rq-worker.py", import.meta.url),
      url,
      python,
    );
    const script = fileURLToPath(new URL("../workers/rq-client.py", import.meta.url));
    const client = startJson(python, [script, url]);
    const all = async (inputs: readonly number[]): Promise<number[]> => {
      const { outputs } = (await client.ask({ inputs })) as { outputs: number[] };
      return outputs;
    };
    let gathered: { readonly inputs: number[]; readonly outputs: Promise<number[]> } | undefined;
    return {
      async run(input) {
        if (!gathered) {
          const inputs: number[] = [];
          const outputs = Promise.resolve().then(() => {
            gathered = undefined;
            return all(inputs);
          });
          gathered = { inputs, outputs };
        }
        const { inputs, outputs } = gathered;
        const index = inputs.push(input) - 1;
        return (await outputs)[index]!;
      },
      all,
      close: async () => {
        await client.close();
        await stop();
      },
    };
  },
};
