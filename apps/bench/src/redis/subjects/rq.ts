import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startJson } from "../../json-process.ts";
import { startWorker } from "../private-redis.ts";
import type { QueueSubject } from "../queue-client.ts";

interface Python {
  readonly command: string;
  /** Of RQ. */
  readonly version: string;
}

let found: Python | "none" | undefined;

/**
 * A Python that has RQ; the one that `python3` is may not be the one that a distribution's package is for. Looked for when
 * it is first asked for, since that takes half a second.
 */
function python(): Python | "none" {
  return (found ??= ["python3", "/usr/bin/python3"].map(withRq).find((one) => one) ?? "none");
}

function withRq(command: string): Python | undefined {
  const options = { encoding: "utf8" } as const;
  const { status, stdout } = spawnSync(command, ["-c", "import rq; print(rq.VERSION)"], options);
  return status === 0 ? { command, version: stdout.trim() } : undefined;
}

/** Python's, with the worker that does not fork, and one job after the other. What is sent in one tick goes in one `enqueue_many`. */
export const rq: QueueSubject = {
  name: "RQ",
  kind: "peer",
  get version() {
    const known = python();
    return known === "none" ? "" : known.version;
  },
  async open(url) {
    const known = python();
    if (known === "none") throw new Error("there is no Python with RQ (Debian: python3-rq)");
    const stop = await startWorker(
      new URL("../workers/rq-worker.py", import.meta.url),
      url,
      known.command,
    );
    const script = fileURLToPath(new URL("../workers/rq-client.py", import.meta.url));
    const client = startJson(known.command, [script, url]);
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
