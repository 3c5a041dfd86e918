import { defineTasks } from "@quintet/core";
import { functionsByName } from "./functions-by-name.js";

export const bench = defineTasks("bench", import.meta.url, functionsByName);
