import { defineTasks, move } from "@quintet/core";
import { functionsByName } from "./functions-by-name.js";
import { stamp } from "./functions.js";

export const bench = defineTasks("bench", import.meta.url, {
  ...functionsByName,
  bounce: (bytes) => move(stamp(bytes)),
});
