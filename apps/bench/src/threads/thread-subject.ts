import type { Subject } from "../subject.ts";
import type { ThreadPool, ThreadPoolOptions } from "./thread-pool.ts";

/** Somebody with a pool of threads. */
export interface ThreadSubject extends Subject {
  /** Opens a pool. *Errors*: why it is not available. */
  readonly open: (options: ThreadPoolOptions) => ThreadPool;
}
