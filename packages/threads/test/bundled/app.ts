import { exercise } from "./exercise.ts";

process.stdout.write(JSON.stringify(await exercise()));
