import { all, createQueue, type Operation, type Queue, run } from "effection";
import { packageVersion } from "../../package-version.ts";
import type { Transfer } from "../channel-job.ts";
import type { ChannelSubject } from "../channel-subject.ts";

/**
 * Its queues have no bound, so a sender that never waits is all they know. Adding is slower the more there is; so here
 * it adds as many as the capacity says, and goes on when it is told that they were taken.
 */
export const effectionQueue: ChannelSubject = {
  name: "effection",
  kind: "peer",
  version: packageVersion("effection"),
  run(job) {
    if (job.work === "select") throw new Error("it has none");
    return run(() => transfer(job));
  },
  refusal(job) {
    if (job.work === "select") return "it has no select";
    if (job.capacity === 0) return "it has no rendezvous";
    return job.senders > 1 ? "its queues have no bound" : undefined;
  },
  note: () => "adds as many as the capacity, then waits until they are taken",
};

function* transfer({ capacity, messages }: Transfer): Operation<number> {
  const numbers = createQueue<number, never>();
  const taken = createQueue<true, never>();
  const [, sum] = yield* all([
    send(numbers, taken, capacity, messages),
    receive(numbers, taken, capacity, messages),
  ]);
  return sum;
}

function* send(
  numbers: Queue<number, never>,
  taken: Queue<true, never>,
  capacity: number,
  messages: number,
): Operation<number> {
  for (let n = 0; n < messages; n++) {
    numbers.add(n);
    if ((n + 1) % capacity === 0) yield* taken.next();
  }
  return 0;
}

function* receive(
  numbers: Queue<number, never>,
  taken: Queue<true, never>,
  capacity: number,
  messages: number,
): Operation<number> {
  let sum = 0;
  for (let n = 0; n < messages; n++) {
    sum += (yield* numbers.next()).value;
    if ((n + 1) % capacity === 0) taken.add(true);
  }
  return sum;
}
