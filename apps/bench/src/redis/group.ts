import type { Group } from "../group.ts";
import { timesTarget } from "../target.ts";
import { mapWork, oneAtATimeWork, runWork } from "./queue-work.ts";
import { beeQueue } from "./subjects/bee-queue.ts";
import { bullmq, bullmqBulk } from "./subjects/bullmq.ts";
import { quintet } from "./subjects/quintet.ts";
import { rq } from "./subjects/rq.ts";

const node = [quintet, bullmq, bullmqBulk, beeQueue];
const subjects = [...node, rq];
const byHand = bullmq.name;

/** Tasks through Redis, with one client and one worker process, each with a Redis of its own. */
export const redisGroup: Group = {
  name: "redis",
  subjects,
  works: ({ quick }) => [
    runWork({ name: "redis run, 5,000 at once", tasks: quick ? 500 : 5_000, subjects }),
    runWork({
      name: "redis run, 5,000 at once, with AOF",
      tasks: quick ? 500 : 5_000,
      subjects: node,
      appendOnly: true,
    }),
    mapWork({ name: "redis map, small tasks", tasks: quick ? 1_000 : 20_000, subjects: node }),
    mapWork({
      name: "redis map, small tasks, with AOF",
      tasks: quick ? 1_000 : 20_000,
      subjects: node,
      appendOnly: true,
    }),
    oneAtATimeWork({ name: "redis one at a time", tasks: quick ? 50 : 500, subjects }),
  ],
  targets: [
    timesTarget("redis run, 5,000 at once", quintet.name, byHand, { least: 2 }),
    timesTarget("redis run, 5,000 at once", quintet.name, rq.name, { least: 15 }),
    timesTarget("redis map, small tasks", quintet.name, byHand, { least: 20 }),
  ],
};
