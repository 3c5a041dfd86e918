import { ClusterWorker } from "poolifier";
import { functionsByName } from "../../threads/workers/functions-by-name.js";

export const worker = new ClusterWorker(functionsByName);
