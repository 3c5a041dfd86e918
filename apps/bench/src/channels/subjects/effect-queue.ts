import { Effect, Queue } from "effect";
import { packageVersion } from "../../package-version.ts";
import { share, total, type Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

/** Effect's bounded queue, as its documentation has it: `offer` and `take` in fibers. */
export const effectQueue: ChannelSubject = {
  name: "Effect Queue",
  kind: "peer",
  version: packageVersion("effect"),
  run(job) {
    if (job.work === "select") throw new Error("it has none");
    return Effect.runPromise(transfer(job));
  },
  refusal: (job) => (job.work === "select" ? "it has no select over queues" : undefined),
};

const transfer = ({ capacity, senders, receivers, messages }: Transfer): Effect.Effect<number> =>
  Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity);
    const sending = Array.from({ length: senders }, (_, index) =>
      Effect.gen(function* () {
        const [from, below] = share(messages, senders, index);
        for (let n = from; n < below; n++) yield* Queue.offer(queue, n);
        return 0;
      }),
    );
    const receiving = Array.from({ length: receivers }, () =>
      Effect.gen(function* () {
        let sum = 0;
        for (let left = messages / receivers; left > 0; left--) sum += yield* Queue.take(queue);
        return sum;
      }),
    );
    return total(yield* Effect.all([...sending, ...receiving], { concurrency: "unbounded" }));
  });
