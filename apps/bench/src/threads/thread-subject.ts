import type { Subject } from "../subject.ts";
import type { ThreadPool, ThreadPoolOptions } from "./thread-pool.ts";

/** Somebody with a pool of threads. */
export interface ThreadSubject extends Subject {
  /** The module that exports it, for processes that are to load nobody else. */
  readonly module: string;
  /** Opens a pool. *Errors*: why it is not available. */
  readonly open: (options: ThreadPoolOptions) => ThreadPool;
}
