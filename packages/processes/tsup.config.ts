import type { Options } from "tsup";
import { library } from "../../tooling/tsup.ts";

const config: Options = library({
  entry: ["src/index.ts", "src/bootstrap.ts", "src/recall-thread.ts"],
});

export default config;
