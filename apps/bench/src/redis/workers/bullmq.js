import { Worker } from "bullmq";
import { Redis } from "ioredis";

const connection = new Redis(process.argv[2], { maxRetriesPerRequest: null });
const worker = new Worker("bench", async (job) => job.data + 1, { connection, concurrency: 50 });
await worker.waitUntilReady();
process.stdout.write("ready\n");
