import { mutex, queue, semaphore } from "@quintet/async";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import { type AsyncTask, type Items, type Limiter, limiterOf } from "../limiter.ts";

const isSource = import.meta.resolve("@quintet/async").endsWith(".ts");
const version = packageVersion("@quintet/async") + (isSource ? " (sources)" : "");

/** As its README has it: `use` for functions, `acquire` and `tryAcquire` for permits, `for await` for the workers of a queue. */
export const quintet: AsyncSubject = {
  name: "quintet",
  kind: "ours",
  version,
  limiter(permits): Limiter {
    const permit = permits === 1 ? mutex() : semaphore(permits);
    return limiterOf((task) => permit.use(task), {
      async acquire(times) {
        for (let left = times; left > 0; left--) (await permit.acquire()).release();
      },
      tryAcquire(times) {
        for (let left = times; left > 0; left--) permit.tryAcquire()?.release();
      },
      useWith: (signal, task) => permit.use(task, { signal }),
    });
  },
  queue: (): Items => ({ passOn }),
};

async function passOn(items: number, workers: number, task: AsyncTask): Promise<void> {
  const jobs = queue<number>();
  const work = async (): Promise<void> => {
    for await (const _ of jobs) {
      await task();
      jobs.taskDone();
    }
  };
  const all = Array.from({ length: workers }, work);
  for (let item = 0; item < items; item++) jobs.tryPut(item);
  await jobs.join();
  jobs.shutdown();
  await Promise.all(all);
}
