export type { BroadcastOptions } from "./broadcast.ts";
export type { Travels } from "./codec.ts";
export { poolExecutor, type PoolOptions, poolRules } from "./pool-executor.ts";
export { Order, Report, wakeUp, type WorkerOrder, type WorkerReport } from "./protocol.ts";
export { Ring } from "./ring.ts";
export {
  Cell,
  cellOf,
  isBefore,
  nextPosition,
  type Position,
  ringSlots,
  type RunOrder,
  slotOf,
} from "./ring-memory.ts";
export { StderrTail } from "./stderr-tail.ts";
export type { Link, LinkEvents, Transport, WorkerExit } from "./transport.ts";
export type { RosterLimits } from "./worker-roster.ts";
export type { UpkeepOptions } from "./upkeep-options.ts";
export { SchedulerPool, type SyncOptions, type WorkerPool } from "./worker-pool.ts";
