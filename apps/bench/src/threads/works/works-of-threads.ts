import type { Group } from "../../group.ts";
import { freshWork } from "../fresh-work.ts";
import { threadSubjects } from "../subjects/thread-subjects.ts";
import { threadWork } from "../thread-work.ts";
import { atOnceWork } from "./at-once.ts";
import { bouncedBuffersWork, copiedBuffersWork, movedBuffersWork } from "./buffers.ts";
import { cancelWork } from "./cancel.ts";
import { coldStartWork } from "./cold-start.ts";
import { computingWork } from "./computing.ts";
import { idleMemoryWork } from "./idle-memory.ts";
import { inFlightWork } from "./in-flight.ts";
import { mapWork } from "./map.ts";
import { memoryAfterWork } from "./memory-after.ts";
import { mixedWork } from "./mixed.ts";
import { objectsWork } from "./objects.ts";
import { oneAtATimeWork } from "./one-at-a-time.ts";
import { queuedWork } from "./queued.ts";

/** What pools of threads have to do. Names say the sizes of a full run. */
export const worksOfThreads: Group["works"] = ({ quick }) => {
  const sized = (full: number, small: number): number => (quick ? small : full);
  const small = { tasks: sized(20_000, 500), kilobytes: 1 };
  const pooled = [
    atOnceWork("at once, 20,000", sized(20_000, 2_000)),
    atOnceWork("at once, 200,000", sized(200_000, 5_000)),
    inFlightWork("64 in flight", sized(50_000, 2_000)),
    oneAtATimeWork("one at a time", sized(4_000, 200)),
    objectsWork("1 kB objects", { ...small, echoes: false }),
    objectsWork("1 kB objects, echoed", { ...small, echoes: true }),
    objectsWork("100 kB objects", { tasks: sized(500, 40), kilobytes: 100, echoes: false }),
    movedBuffersWork("16 MB buffers, moved", sized(40, 5)),
    bouncedBuffersWork("16 MB buffers, moved both ways", sized(100, 10)),
    copiedBuffersWork("16 MB buffers, copied", sized(20, 3)),
    mapWork("map of 200,000", sized(200_000, 5_000)),
    computingWork("10 ms of CPU", sized(200, 20)),
    mixedWork("mixed 0.1 to 50 ms", sized(300, 30)),
    queuedWork("queued", [
      { name: "queued, 1,000", tasks: sized(1_000, 200) },
      { name: "queued, 10,000", tasks: sized(10_000, 1_000) },
      { name: "queued, 100,000", tasks: sized(100_000, 5_000) },
      { name: "queued, 1,000,000", tasks: sized(1_000_000, 20_000) },
    ]),
    cancelWork("cancel 100,000 queued", sized(100_000, 5_000)),
  ];
  const fresh = [
    idleMemoryWork("memory of an idle worker", 8),
    memoryAfterWork("memory after 1,000,000 tasks", sized(1_000_000, 10_000)),
  ];
  return [
    ...pooled.map((work) => threadWork(work, threadSubjects)),
    coldStartWork("cold start", threadSubjects),
    ...fresh.map((work) => freshWork(work, threadSubjects)),
  ];
};
