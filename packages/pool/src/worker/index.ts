export { TaskRunner } from "./task-runner.ts";
export type { WorkerPort } from "./worker-port.ts";
