import type { TaskContext, Tasks } from "@quintet/core";

export declare const names: Tasks<{
  permits(times: number, context: TaskContext): Promise<number>;
  values(count: number, context: TaskContext): Promise<void>;
}>;
