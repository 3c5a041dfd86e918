import type { Executor, LocalExecutor } from "@quintet/core";
import { eventLoop } from "./index.ts";

// It takes plain functions, and passes for any executor.
export const local: LocalExecutor = eventLoop({ concurrency: 2, rate: { limit: 1, interval: 5 } });
export const executor: Executor = eventLoop();
export const doubled: Promise<number> = local.run((n: number) => n * 2, 1);
// @ts-expect-error: the wrong output
export const text: Promise<string> = local.run((n: number) => n * 2, 1);
// @ts-expect-error: no such option
eventLoop({ size: 4 });
// @ts-expect-error: a rate is of two numbers
eventLoop({ rate: { limit: 1 } });
