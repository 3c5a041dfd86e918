export type { BroadcastOptions } from "./executor/broadcast.ts";
export { poolExecutor, type PoolOptions, poolRules } from "./executor/pool-executor.ts";
export {
  Cell,
  cellOf,
  isBefore,
  nextPosition,
  Order,
  type Position,
  Report,
  Ring,
  ringSlots,
  type RunOrder,
  slotOf,
  wakeUp,
  type WorkerOrder,
  type WorkerReport,
} from "./wire.ts";
export { StderrTail } from "./transport/stderr-tail.ts";
export type { Link, LinkEvents, Transport, WorkerExit } from "./transport/transport.ts";
export type { RosterLimits } from "./scheduler/worker-roster.ts";
export type { UpkeepOptions } from "./executor/upkeep-options.ts";
export { SchedulerPool, type SyncOptions, type WorkerPool } from "./executor/worker-pool.ts";
