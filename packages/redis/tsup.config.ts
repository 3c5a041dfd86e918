import type { Options } from "tsup";
import { library } from "../../tooling/tsup.ts";

const config: Options = library({
  entry: ["src/index.ts", "src/in-memory.ts", "src/cli.ts", "src/prometheus.ts", "src/rq.ts"],
});

export default config;
