/** What both sides of a transport have: the memory of a ring, and the messages. A worker loads nothing else of the pool. */
export { Order, Report, wakeUp, type WorkerOrder, type WorkerReport } from "./codec/protocol.ts";
export { Ring } from "./transport/ring.ts";
export {
  Cell,
  cellOf,
  isBefore,
  nextPosition,
  type Position,
  ringSlots,
  type RunOrder,
  slotOf,
} from "./transport/ring-memory.ts";
