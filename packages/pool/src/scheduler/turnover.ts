import type { WorkerHandle } from "../worker-handle/worker-handle.ts";

/** The part of `tasksPerWorker` after which a worker may go before the others have to. */
const early = 0.9;

/** After how many tasks a worker is replaced when its turn comes: a little before it must be, where there may be others. */
export function dueAfter(tasksPerWorker: number, mostWorkers: number): number {
  return mostWorkers > 1 ? Math.ceil(tasksPerWorker * early) : tasksPerWorker;
}

/** The worker whose turn it is to be replaced; nobody while another one comes or goes. */
export function nextToRetire(workers: Iterable<WorkerHandle>): WorkerHandle | undefined {
  let next: WorkerHandle | undefined;
  for (const worker of workers) {
    const { given } = worker.sender;
    if (worker.state !== "up" || given >= worker.quota) return undefined;
    if (given >= worker.due) next ??= worker;
  }
  return next;
}
