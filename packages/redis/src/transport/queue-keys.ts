import { InvalidOptionError } from "@quintet/core";

/** Where everything of a queue is in Redis. One slot of a cluster holds it: the name stands in braces. */
export interface QueueKeys {
  readonly queue: string;
  /** BullMQ's prefix; its own keys are `<prefix>:<queue>:…`. */
  readonly prefix: string;
  /** The hash of one of BullMQ's jobs. */
  job(id: string): string;
  /** The stream that results come back through, one for each client. */
  results(client: string): string;
  /** The ids of workers, of which some may have ended. */
  readonly workers: string;
  /** What a worker says of itself, as long as it lives. */
  worker(id: string): string;
  /** The channel that cancels and credits go out on. */
  readonly control: string;
  /** Says that a task was cancelled, for who finds it later. */
  cancelled(client: string, number: number): string;
  /** The numbers of a job's tasks that were cancelled before they started. */
  withdrawn(job: string): string;
  /** The result of a task with an id of its own. */
  kept(id: string): string;
  /** How the jobs have ended that a job waits for. */
  needs(job: string): string;
  /** The jobs that wait for a job. */
  dependents(job: string): string;
  /** The clients that wait for it. */
  waiters(id: string): string;
  /** What the keys of named semaphores and channels begin with. */
  readonly names: string;
}

/** Where a job says how often it was put aside. */
export const asideField = "quintet-aside";

/** Where a job says how often it has begun to run alone, and did not come to an end. */
export const aloneField = "quintet-alone";

/** Where a job says that it has been a dead letter. */
export const deadField = "quintet-dead";

/** *Errors*: `INVALID_OPTION` for a name that could mean another key. */
export function queueKeys(queue: string, prefix: string = "quintet"): QueueKeys {
  for (const [what, name] of [
    ["queue", queue],
    ["prefix", prefix],
  ] as const) {
    if (typeof name === "string" && /^[\w.-]{1,100}$/.test(name)) continue;
    throw new InvalidOptionError(
      `${what} must be 1 to 100 letters, digits, "-", "_" and ".", got ${JSON.stringify(name)}.`,
    );
  }
  const base = `${prefix}:{${queue}}`;
  const own = `${base}.`;
  return {
    queue,
    prefix: base,
    job: (id) => `${base}:${queue}:${id}`,
    results: (client) => `${own}results:${client}`,
    workers: `${own}workers`,
    worker: (id) => `${own}worker:${id}`,
    control: `${own}control`,
    cancelled: (client, number) => `${own}cancelled:${client}:${number}`,
    withdrawn: (job) => `${own}withdrawn:${job}`,
    kept: (id) => `${own}kept:${id}`,
    needs: (job) => `${own}needs:${job}`,
    dependents: (job) => `${own}dependents:${job}`,
    waiters: (id) => `${own}waiters:${id}`,
    names: `${own}names`,
  };
}
