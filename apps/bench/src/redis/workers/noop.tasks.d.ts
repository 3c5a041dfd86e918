import type { Task } from "@quintet/core";

export declare const bench: { readonly noop: Task<number, number> };
