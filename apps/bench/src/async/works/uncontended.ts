import { count } from "../../format.ts";
import type { AsyncWork } from "../async-work.ts";

/** Tasks one after another, each with a permit that is free. */
export const oneByOneWork = (name: string, tasks: number): AsyncWork => ({
  name,
  title: `${count(tasks)} tasks one after another, each with the only permit`,
  tasks,
  prepare(subject, task) {
    const limiter = subject.limiter?.(1);
    return limiter && (() => limiter.oneByOne(tasks, task));
  },
});

/** A permit that is taken and given back again and again. */
export const acquireWork = (name: string, times: number): AsyncWork => ({
  name,
  title: `the only permit, awaited and given back ${count(times)} times`,
  tasks: times,
  runs: 0,
  prepare(subject) {
    const { acquire } = subject.limiter?.(1) ?? {};
    return acquire && (() => acquire(times));
  },
});

/** The same, without waiting. */
export const tryAcquireWork = (name: string, times: number): AsyncWork => ({
  name,
  title: `the only permit, taken without waiting and given back ${count(times)} times`,
  tasks: times,
  runs: 0,
  prepare(subject) {
    const { tryAcquire } = subject.limiter?.(1) ?? {};
    return tryAcquire && (async () => tryAcquire(times));
  },
});
