import type { Traits } from "@quintet/core";

/** What a queue promises, whatever serves it. */
export const queueTraits: Traits = {
  isolation: "machine",
  parallel: true,
  preemptive: false,
  durable: true,
  values: "encoded",
  closures: false,
  inline: false,
  transfer: false,
  sharedMemory: false,
  keyed: false,
  output: false,
};
