import type { Options } from "tsup";
import { library } from "../../tooling/tsup.ts";

const config: Options = library({
  entry: ["src/index.ts", "src/bootstrap-file.ts", "src/wire.ts", "src/worker/index.ts"],
});

export default config;
