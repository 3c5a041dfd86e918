import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { count } from "../../format.ts";
import { type Cost, cpuPerTask, measure } from "../../measure.ts";
import { MismatchError, verify } from "../../mismatch-error.ts";
import { microseconds } from "../../unit.ts";
import type { ThreadPool } from "../thread-pool.ts";
import { size as workers, type ThreadWork } from "../thread-work.ts";

/** Milliseconds that a round may take. */
const longest = 10_000;

/**
 * Tasks that wait behind busy workers and are cancelled together, until every promise has been rejected. Where
 * that would take too long, as it does where each is searched for in a queue, there are fewer of them.
 */
export function cancelWork(name: string, tasks: number): ThreadWork {
  return {
    name,
    title: `${count(tasks)} tasks wait and are cancelled together; time for each of them`,
    rows: [{ name, unit: microseconds }],
    cancels: true,
    refusal: ({ cancellation }) => (cancellation ? undefined : "nothing can be cancelled"),
    async prepare(pool) {
      const most = await bearable(pool, tasks);
      const note = most < tasks ? { note: `${count(most)} tasks` } : {};
      return async () => {
        const cost = await cancelAll(pool, most);
        const value = (1_000 * cost.time) / most;
        return { [name]: { value, cpuPerTask: cpuPerTask(cost, most), ...note } };
      };
    },
  };
}

/** The number of tasks that stays within the time, if ten times as many take longer by the factor they did before. */
async function bearable(pool: ThreadPool, wanted: number): Promise<number> {
  const most = Math.min(wanted, pool.cancellation?.().most ?? Infinity);
  let tasks = Math.ceil(most / 100);
  let { time } = await cancelAll(pool, tasks);
  let factor = 100; // as a search for each of them in a list of all takes
  while (tasks < most && time * factor < longest) {
    const more = await cancelAll(pool, 10 * tasks);
    factor = Math.max(10, more.time / time);
    time = more.time;
    tasks *= 10;
  }
  return Math.min(tasks, most);
}

async function cancelAll(pool: ThreadPool, tasks: number): Promise<Cost> {
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const held = Array.from({ length: workers }, (_, id) => pool.run("hold", { id, gate }));
  await sleep(20); // every worker is busy
  const cancellation = pool.cancellation?.();
  if (!cancellation) throw new Error("Nothing can be cancelled.");
  const promises = Array.from({ length: tasks }, (_, input) => cancellation.run(input));
  const settled = Promise.allSettled(promises);
  const { value: outcomes, ...cost } = await measure(() => {
    cancellation.cancel();
    return settled;
  });
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  for (const [id, output] of (await Promise.all(held)).entries()) verify("busy task", id, output);
  verify("number of outcomes", tasks, outcomes.length);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && cancellation.isCancelled(outcome.reason)) continue;
    throw new MismatchError(`A cancelled task ended otherwise: ${inspect(outcome)}.`);
  }
  return cost;
}
