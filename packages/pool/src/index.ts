export { Board, boardSlots } from "./board.ts";
export { poolExecutor, type PoolOptions, poolRules } from "./pool-executor.ts";
export { Order, Report, type WorkerOrder, type WorkerReport } from "./protocol.ts";
export type { Link, LinkEvents, Transport, WorkerExit } from "./transport.ts";
export type { RosterLimits } from "./worker-roster.ts";
