import type { Task } from "@quintet/core";
import type { Functions } from "../thread-pool.ts";

/** The functions as Quintet's tasks. */
export declare const bench: {
  readonly [Name in keyof Functions]: Task<
    Parameters<Functions[Name]>[0],
    ReturnType<Functions[Name]>
  >;
} & {
  readonly bounce: Task<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>;
};
