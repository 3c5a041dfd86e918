import type { Redis } from "ioredis";
import { checked } from "./checked.ts";
import type { Dependencies } from "./dependencies.ts";
import type { KeptResults } from "./kept-results.ts";
import type { Control, Envelope } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";

/** How long a cancellation is kept for who finds the task later. */
const cancelLife = 3_600_000;

/** Tells all workers, and keeps a cancellation for who finds the task later. */
export async function tellWorkers(redis: Redis, keys: QueueKeys, control: Control): Promise<void> {
  const text = JSON.stringify(control);
  const multi = redis.multi();
  if (control.type === "cancel" && control.to !== null) {
    const { to, n, reason } = control;
    multi.set(keys.cancelled(to, n), JSON.stringify([reason]), "PX", cancelLife);
  }
  await checked(multi.publish(keys.control, text).exec());
}

/** Hears what clients tell all workers; resolves when it does. */
export async function hearControls(
  subscriber: Redis,
  keys: QueueKeys,
  listener: (control: Control) => void,
): Promise<void> {
  subscriber.on("message", (_, text: string) => {
    let control: unknown;
    try {
      control = JSON.parse(text);
    } catch {
      return; // somebody else's
    }
    if (typeof control === "object" && control !== null) listener(control as Control);
  });
  await subscriber.subscribe(keys.control);
}

/** Why tasks were cancelled, encoded; `undefined` for those that were not. */
export async function cancelReasons(
  redis: Redis,
  keys: QueueKeys,
  tasks: readonly { readonly to: string; readonly n: number }[],
): Promise<readonly unknown[]> {
  if (tasks.length === 0) return [];
  const texts = await redis.mget(tasks.map(({ to, n }) => keys.cancelled(to, n)));
  return texts.map((text) => (text === null ? undefined : (JSON.parse(text) as unknown[])[0]));
}

/** Keeps a task of a job from being started. */
export async function withdrawTask(
  redis: Redis,
  keys: QueueKeys,
  job: string,
  control: Control & { type: "cancel" },
): Promise<void> {
  const key = keys.withdrawn(job);
  await checked(redis.multi().sadd(key, control.n).pexpire(key, cancelLife).exec());
  // It may be on its way into a job of its own.
  await tellWorkers(redis, keys, control);
}

/** Where the end of a job is told that no worker has. */
export interface EndPaths {
  readonly redis: Redis;
  readonly keys: QueueKeys;
  readonly kept: KeptResults;
  readonly dependencies: Dependencies;
}

/** Tells all who wait for a job that it was cancelled, and is out of the queue; the reason is encoded. */
export async function tellCancelled(
  { redis, keys, kept, dependencies }: EndPaths,
  job: string,
  { to, keep, items }: Envelope,
  reason: unknown,
): Promise<void> {
  const rest = `null,${JSON.stringify(reason)}`;
  if (keep !== undefined) await kept.keep(job, "", { kind: "c", rest, milliseconds: keep });
  else if (to !== null) {
    const frames = items.map(({ n }) => `["c",${n},${rest}]`).join(",");
    await redis.xadd(keys.results(to), "NOMKSTREAM", "*", "w", "", "f", `[${frames}]`);
  }
  await dependencies.wake(job, keep === undefined);
}
