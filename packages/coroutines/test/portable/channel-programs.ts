import {
  broadcast,
  channel,
  merge,
  pipeline,
  scope,
  stage,
  ticker,
  wait,
  watch,
} from "@quintet/coroutines";
import { caught, type Program } from "./program.ts";

const received = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
};

export const channelPrograms: Record<string, Program> = {
  async channels() {
    const numbers = channel<number>();
    const sum = await scope(function* (s) {
      for (let sender = 0; sender < 2; sender++) {
        const own = numbers.sender();
        s.spawn(function* () {
          for (let n = 1; n <= 10; n++) yield* wait(own.send(n));
          own.close();
        });
      }
      let total = 0;
      for (;;) {
        const { done, value } = yield* wait(numbers.receive());
        if (done) return total;
        total += value;
      }
    });
    const undelivered: number[] = [];
    const latest = channel<number>({
      capacity: 1,
      overflow: "drop-oldest",
      onUndelivered: (value) => undelivered.push(value),
    });
    for (const n of [1, 2, 3]) await latest.send(n);
    latest.cancel("enough");
    const refused = (await caught(latest.send(4))) as { code?: unknown };
    return [sum, undelivered, await caught(latest.receive()), refused.code];
  },
  async broadcasts() {
    const news = broadcast<number>({ capacity: 2 });
    const missed: number[] = [];
    const slow = news.subscribe({ onLagged: (count) => missed.push(count) });
    const level = watch(1);
    const levels = level.subscribe();
    for (const n of [1, 2, 3]) news.send((level.value = n));
    news.close();
    level.close();
    return [await received(slow), missed, await received(levels)];
  },
  async pipelines() {
    const double = stage(async (n: number) => n * 2, { concurrency: 2 });
    const merged = await received(merge([[1, 2], [3]]));
    return [
      await received(pipeline([1, 2, 3], double, (n: number) => `${n}`)),
      merged.toSorted((a, b) => a - b),
    ];
  },
  async tickers() {
    let last = 0;
    for await (const tick of ticker(1)) {
      if (tick <= last) return "not later";
      last = tick;
      if (last >= 3) break;
    }
    return "later";
  },
};
