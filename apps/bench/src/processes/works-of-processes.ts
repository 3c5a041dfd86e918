import type { Group } from "../group.ts";
import { freshWork } from "../threads/fresh-work.ts";
import { threadWork } from "../threads/thread-work.ts";
import { atOnceWork } from "../threads/works/at-once.ts";
import { copiedBuffersWork } from "../threads/works/buffers.ts";
import { coldStartWork } from "../threads/works/cold-start.ts";
import { computingWork } from "../threads/works/computing.ts";
import { idleMemoryWork } from "../threads/works/idle-memory.ts";
import { inFlightWork } from "../threads/works/in-flight.ts";
import { mapWork } from "../threads/works/map.ts";
import { objectsWork } from "../threads/works/objects.ts";
import { oneAtATimeWork } from "../threads/works/one-at-a-time.ts";
import { processSubjects } from "./subjects/process-subjects.ts";

/** What pools of processes have to do: the same as those of threads, as far as a process can. */
export const worksOfProcesses: Group["works"] = ({ quick }) => {
  const sized = (full: number, small: number): number => (quick ? small : full);
  const pooled = [
    atOnceWork("at once, 20,000", sized(20_000, 2_000)),
    inFlightWork("64 in flight", sized(50_000, 2_000)),
    oneAtATimeWork("one at a time", sized(4_000, 200)),
    objectsWork("1 kB objects", { tasks: sized(20_000, 500), kilobytes: 1, echoes: false }),
    objectsWork("100 kB objects", { tasks: sized(500, 40), kilobytes: 100, echoes: false }),
    copiedBuffersWork("16 MB buffers, copied", sized(20, 3)),
    mapWork("map of 200,000", sized(200_000, 5_000)),
    computingWork("10 ms of CPU", sized(200, 20)),
  ];
  return [
    ...pooled.map((work) => threadWork(work, processSubjects)),
    coldStartWork("cold start", processSubjects),
    freshWork(idleMemoryWork("memory of an idle worker", 4), processSubjects),
  ];
};
