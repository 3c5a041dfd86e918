export type { BroadcastOptions } from "@quintet/pool";
export { type ThreadPool, threads, type ThreadsOptions } from "./threads.ts";
export type { SyncOptions } from "@quintet/pool";
export type { ThreadOptions } from "./thread-transport.ts";
