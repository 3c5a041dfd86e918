import { isMainThread } from "node:worker_threads";
import { exercise } from "./exercise.ts";

// A thread loads the same file for the tasks in it.
if (isMainThread) void exercise().then((result) => process.stdout.write(JSON.stringify(result)));
