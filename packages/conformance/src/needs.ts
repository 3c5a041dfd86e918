import type { Traits } from "@quintet/core";
import type { Need } from "./conformance-case.ts";

const need = <Trait extends keyof Traits>(
  trait: Trait,
  met: (value: Traits[Trait]) => boolean,
): Need => ({ trait, met: (traits) => met(traits[trait]) });

/** Tasks run in the caller's own thread. */
export const here: Need = need("isolation", (isolation) => isolation === "none");

/** A task can end its worker without ending the caller. */
export const elsewhere: Need = need("isolation", (isolation) => isolation !== "none");

/** Tasks run on the caller's machine. */
export const near: Need = need("isolation", (isolation) => isolation !== "machine");
export const far: Need = need("isolation", (isolation) => isolation === "machine");

/** Tasks run in threads of the caller's process. */
export const inThreads: Need = need("isolation", (isolation) => isolation === "thread");

/** Tasks run in processes of the caller's machine. */
export const inProcesses: Need = need("isolation", (isolation) => isolation === "process");

/** Workers import what they are told to; the workers of a queue are given their tasks. */
export const importing: Need = need("isolation", (isolation) => isolation !== "machine");

/** Workers import what they are told to, and the caller has not done so before. */
export const importingElsewhere: Need = need(
  "isolation",
  (isolation) => isolation === "thread" || isolation === "process",
);

export const parallel: Need = need("parallel", (is) => is);
export const notParallel: Need = need("parallel", (is) => !is);

export const preemptive: Need = need("preemptive", (is) => is);
export const notPreemptive: Need = need("preemptive", (is) => !is);

/** Values are handed over as they are. */
export const byReference: Need = need("values", (values) => values === "reference");

/** Values are copied. */
export const byCopy: Need = need("values", (values) => values !== "reference");

/** Whatever structured clone knows arrives. */
export const byClone: Need = need("values", (values) => values === "clone");

/** Whatever structured clone knows arrives, copied or not. */
export const notEncoded: Need = need("values", (values) => values !== "encoded");

export const closures: Need = need("closures", (is) => is);
export const noClosures: Need = need("closures", (is) => !is);

export const inlineTasks: Need = need("inline", (is) => is);
export const noInlineTasks: Need = need("inline", (is) => !is);

export const transfer: Need = need("transfer", (is) => is);
export const noTransfer: Need = need("transfer", (is) => !is);

export const sharedMemory: Need = need("sharedMemory", (is) => is);
export const output: Need = need("output", (is) => is);
export const noOutput: Need = need("output", (is) => !is);

export const noSharedMemory: Need = need("sharedMemory", (is) => !is);

export const keyed: Need = need("keyed", (is) => is);
export const notKeyed: Need = need("keyed", (is) => !is);
