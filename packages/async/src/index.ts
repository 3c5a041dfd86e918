export { eventLoop, type EventLoopOptions } from "./event-loop.ts";
export type { Rate } from "./event-loop-engine.ts";
