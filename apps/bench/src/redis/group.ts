import type { Group } from "../group.ts";
import { timesTarget } from "../target.ts";
import { mapWork, oneAtATimeWork, runWork } from "./queue-work.ts";
import { beeQueue } from "./subjects/bee-queue.ts";
import { bullmq, bullmqBulk } from "./subjects/bullmq.ts";
import { quintet } from "./subjects/quintet.ts";

const subjects = [quintet, bullmq, bullmqBulk, beeQueue];
const byHand = bullmq.name;

/** Tasks through Redis, with one client and one worker process, each with a Redis of its own. */
export const redisGroup: Group = {
  name: "redis",
  subjects,
  works: ({ quick }) => [
    runWork("redis run, 5,000 at once", quick ? 500 : 5_000, subjects),
    mapWork("redis map, small tasks", quick ? 1_000 : 20_000, subjects),
    oneAtATimeWork("redis one at a time", quick ? 50 : 500, subjects),
  ],
  targets: [
    timesTarget("redis run, 5,000 at once", quintet.name, byHand, { least: 2 }),
    timesTarget("redis map, small tasks", quintet.name, byHand, { least: 20 }),
  ],
};
