import type { Group } from "../group.ts";
import { asyncSubjects } from "./subjects/async-subjects.ts";
import { targets } from "./targets.ts";
import { worksOfAsync } from "./works/works-of-async.ts";

/** Primitives on the event loop of one thread. */
export const asyncGroup: Group = {
  name: "async",
  subjects: asyncSubjects,
  works: worksOfAsync,
  targets,
};
