import type { Group } from "../group.ts";
import { pythonSubjects } from "../threads/python/python-entry.ts";
import { processSubjects } from "./subjects/process-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfProcesses } from "./works-of-processes.ts";

/** Pools of child processes. */
export const processesGroup: Group = {
  name: "processes",
  subjects: [...processSubjects, ...pythonSubjects],
  works: worksOfProcesses,
  targets,
};
