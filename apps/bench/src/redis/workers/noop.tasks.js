import { defineTasks } from "@quintet/core";

export const bench = defineTasks("bench", import.meta.url, { noop: (input) => input + 1 });
