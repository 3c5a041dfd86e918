import { eventLoop } from "@quintet/async";
import type { Executor } from "@quintet/core";
import { coroutines } from "@quintet/coroutines";
import { processes } from "@quintet/processes";
import { threads } from "@quintet/threads";
import { redisPlace } from "./redis-place.ts";

/** Somewhere the job can run. */
export interface Place {
  readonly name: string;
  readonly open: () => Executor;
  /** What to do about a place that cannot run now, in one line. */
  readonly unavailable?: string;
}

/**
 * Every place there is; the others are measured by the first. The job computes and does not wait, so on the
 * event loop one file at a time is quickest.
 */
export function places(size: number): readonly Place[] {
  return [
    { name: "event loop", open: () => eventLoop({ concurrency: 1 }) },
    { name: "coroutines", open: () => coroutines({ concurrency: 1 }) },
    { name: "threads", open: () => threads({ size }) },
    { name: "processes", open: () => processes({ size }) },
    redisPlace(size),
  ];
}
