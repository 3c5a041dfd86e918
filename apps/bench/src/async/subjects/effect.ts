// Not all of it, which takes half a second to load.
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as Queue from "effect/Queue";
import * as Semaphore from "effect/Semaphore";
import { packageVersion } from "../../package-version.ts";
import type { AsyncSubject } from "../async-subject.ts";
import type { AsyncTask, Items, Limiter } from "../limiter.ts";

/** `withPermits` around the task as an effect; each work is one program, which is started once. */
export const effect: AsyncSubject = {
  name: "Effect",
  kind: "peer",
  version: packageVersion("effect"),
  limiter(permits): Limiter {
    const semaphore = Semaphore.makeUnsafe(permits);
    const used = (task: AsyncTask): Effect.Effect<void> =>
      semaphore.withPermits(1)(Effect.promise(task));
    return {
      oneByOne: (tasks, task) => Effect.runPromise(repeated(tasks, used(task))),
      atOnce: (tasks, task) => Effect.runPromise(sideBySide(tasks, used(task))),
      inLoops(loops, tasks, task) {
        const one = used(task);
        let left = tasks;
        const loop = Effect.gen(function* () {
          while (left-- > 0) yield* one;
        });
        return Effect.runPromise(sideBySide(loops, loop));
      },
      acquire(times) {
        const one = Effect.flatMap(semaphore.take(1), () => semaphore.release(1));
        return Effect.runPromise(repeated(times, one));
      },
    };
  },
  queue: (): Items => ({ passOn }),
};

const repeated = (times: number, one: Effect.Effect<unknown>): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (let left = times; left > 0; left--) yield* one;
  });

const sideBySide = (times: number, one: Effect.Effect<unknown>): Effect.Effect<void> =>
  Effect.forEach(Array.from({ length: times }), () => one, {
    concurrency: "unbounded",
    discard: true,
  });

function passOn(items: number, workers: number, task: AsyncTask): Promise<void> {
  const program = Effect.gen(function* () {
    const queue = yield* Queue.unbounded<number>();
    const one = Effect.flatMap(Queue.take(queue), () => Effect.promise(task));
    const share = Math.ceil(items / workers);
    const work = (worker: number): Effect.Effect<void> =>
      repeated(Math.min(share, items - worker * share), one);
    const fibers: Fiber.Fiber<void>[] = [];
    for (let worker = 0; worker < workers; worker++) {
      fibers.push(yield* Effect.forkChild(work(worker)));
    }
    for (let item = 0; item < items; item++) Queue.offerUnsafe(queue, item);
    for (const fiber of fibers) yield* Fiber.join(fiber);
  });
  return Effect.runPromise(program);
}
