import type { Group } from "../../group.ts";
import { threadSubjects } from "../subjects/thread-subjects.ts";
import { type ThreadWork, threadWork } from "../thread-work.ts";
import { atOnceWork } from "./at-once.ts";

/** What pools of threads have to do. */
export const worksOfThreads: Group["works"] = ({ quick }) => {
  const pooled: readonly ThreadWork[] = [
    atOnceWork("at once, 20,000", quick ? 2_000 : 20_000),
    atOnceWork("at once, 200,000", quick ? 10_000 : 200_000),
  ];
  return pooled.map((work) => threadWork(work, threadSubjects));
};
