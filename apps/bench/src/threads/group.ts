import type { Group } from "../group.ts";
import { pythonSubjects } from "./python/python-entry.ts";
import { threadSubjects } from "./subjects/thread-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfThreads } from "./works/works-of-threads.ts";

/** Pools of threads in one process. */
export const threadsGroup: Group = {
  name: "threads",
  subjects: [...threadSubjects, ...pythonSubjects],
  works: worksOfThreads,
  targets,
};
