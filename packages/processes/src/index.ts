export { processes, type ProcessesOptions, type ProcessPool } from "./processes.ts";
export type { ProcessOptions } from "./process-options.ts";
