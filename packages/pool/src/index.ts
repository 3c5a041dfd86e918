export type { BroadcastOptions } from "./broadcast.ts";
export { poolExecutor, type PoolOptions, poolRules } from "./pool-executor.ts";
export { wakeUp, type WorkerOrder, type WorkerReport } from "./protocol.ts";
export { Ring } from "./ring.ts";
export type { Link, LinkEvents, Transport, WorkerExit } from "./transport.ts";
export type { RosterLimits } from "./worker-roster.ts";
export type { UpkeepOptions } from "./upkeep-options.ts";
export { SchedulerPool, type SyncOptions, type WorkerPool } from "./worker-pool.ts";
