import Queue from "bee-queue";

const queue = new Queue("bench", { redis: { url: process.argv[2] }, removeOnSuccess: true });
queue.process(50, async (job) => job.data.input + 1);
await queue.ready();
process.stdout.write("ready\n");
