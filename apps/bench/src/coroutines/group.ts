import type { Group } from "../group.ts";
import { coroutineSubjects } from "./coroutine-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfCoroutines } from "./works-of-coroutines.ts";

/** Coroutines: what it costs to give way, to wait, to start, and who lets timers through. */
export const coroutinesGroup: Group = {
  name: "coroutines",
  subjects: coroutineSubjects,
  works: worksOfCoroutines,
  targets,
};
