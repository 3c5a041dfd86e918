export { TaskRunner, type WorkerPort } from "./task-runner.ts";
