import { defineTasks } from "@quintet/core";
import { threads } from "@quintet/threads";

export const nested = defineTasks("nested", import.meta.url, { one: () => 1 });

// A script that forgot to keep its tasks in a module of their own.
const pool = threads({ size: 2 });
export const result = await pool.run(nested.one);
await pool.close();
