export { conformance, type Conformance } from "./conformance.ts";
export type { CreateOptions, Harness, Runner } from "./harness.ts";
export { type CaseReport, formatReport, type Report, type Totals } from "./report.ts";
export { tasks, oddTasks } from "./tasks.ts";
export { wrappings } from "./wrappings.ts";
