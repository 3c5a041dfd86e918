/** A program that submits a task under an id and waits for its result; its arguments are JSON. */
import { redis } from "../src/index.ts";
import { fleet, type Entry } from "./task-files/fleet.tasks.ts";

interface Request {
  readonly queue: string;
  readonly connection: string;
  readonly id: string;
  readonly entry: Entry;
}

const { id, entry, ...options } = JSON.parse(process.argv[2] ?? "{}") as Request;
const job = redis(options).submit(fleet.work, entry, { id });
process.stdout.write((await job.deduped) ? "deduped\n" : "sent\n");
await job.result;
