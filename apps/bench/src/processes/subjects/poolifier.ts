import { FixedClusterPool } from "poolifier";
import { packageVersion } from "../../package-version.ts";
import type { ThreadSubject } from "../../threads/thread-subject.ts";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../workers/poolifier-cluster.js", import.meta.url));

/** As its README has it: a fixed pool of a cluster, functions by name, `mapExecute` for many inputs. */
export const poolifierCluster: ThreadSubject = {
  name: "poolifier, cluster",
  kind: "peer",
  version: packageVersion("poolifier"),
  module: import.meta.url,
  open({ size }) {
    const pool = new FixedClusterPool(size, file, { settings: { serialization: "advanced" } });
    return {
      run: (name, input) => pool.execute(input, name) as Promise<never>,
      map: (inputs) => pool.mapExecute(inputs, "noop") as Promise<number[]>,
      close: () => pool.destroy(),
    };
  },
};
