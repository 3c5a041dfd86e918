import type { Group } from "../group.ts";
import { nameSubjects } from "./name-subjects.ts";
import { worksOfNames } from "./works-of-names.ts";

/** Semaphores and channels that tasks share by name with their caller and with each other. */
export const namesGroup: Group = {
  name: "names",
  subjects: nameSubjects,
  works: worksOfNames,
  targets: [],
};
