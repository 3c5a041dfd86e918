import { count } from "../../format.ts";
import type { AsyncWork } from "../async-work.ts";
import { inLoops } from "../limiter.ts";

/** As many tasks under way as a server under load has. */
const loops = 64;

/** Many tasks in one tick, for few permits. */
export const contendedAtOnceWork = (name: string, tasks: number, permits: number): AsyncWork => ({
  name,
  title: `${count(tasks)} tasks started in one tick, ${permits} at a time`,
  tasks,
  prepare(subject, task) {
    const limiter = subject.limiter?.(permits);
    return limiter && (() => limiter.atOnce(tasks, task));
  },
});

/** Loops that always wait for a permit, or have one. */
export const contendedWork = (name: string, tasks: number, permits: number): AsyncWork => ({
  name,
  title: `${count(tasks)} tasks in ${loops} loops, ${permits} at a time`,
  tasks,
  prepare(subject, task) {
    const limiter = subject.limiter?.(permits);
    return limiter && (() => limiter.inLoops(loops, tasks, task));
  },
});

/** The same, with a signal that could end each wait: one for all of them, or one for each loop. */
export const signalWork = (name: string, tasks: number, isShared: boolean): AsyncWork => ({
  name,
  title: `${count(tasks)} tasks in ${loops} loops, 8 at a time, with ${isShared ? "one signal" : "a signal for each"}`,
  tasks,
  prepare(subject, task) {
    const { useWith } = subject.limiter?.(8) ?? {};
    const shared = new AbortController().signal;
    const signal = (): AbortSignal => (isShared ? shared : new AbortController().signal);
    return useWith && (() => inLoops(loops, tasks, () => useWith(signal(), task)));
  },
});
