import { ThreadWorker } from "poolifier";
import { functionsByName } from "./functions-by-name.js";

export const worker = new ThreadWorker(functionsByName);
