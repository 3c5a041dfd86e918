import { semaphore } from "@quintet/async";
import { channelPrograms } from "./channel-programs.ts";
import { selectPrograms } from "./select-programs.ts";
import { turnPrograms } from "./turn-programs.ts";
import { coroutines, generator, go, scope, sleep, spawn, wait } from "@quintet/coroutines";
import { caught, type Program } from "./program.ts";

function* primes(below: number): Generator<number, number> {
  let found = 0;
  for (let n = 2; n < below; n++) {
    let divisor = 2;
    while (n % divisor !== 0) divisor++;
    if (divisor !== n) continue;
    found++;
    yield n;
  }
  return found;
}

function* endless(): Generator<void, void> {
  for (;;) yield;
}

/** Small programs that must do the same wherever there are promises, generators and timers. */
const all: Record<string, Program> = {
  async executor() {
    const executor = coroutines({ concurrency: 2 });
    const counts = await executor.map(primes, [10, 100, 20]).toArray();
    const items: number[] = [];
    for await (const prime of executor.stream(primes, 12)) items.push(prime);
    const { code } = (await caught(executor.run(endless, undefined, { timeout: 5 }))) as {
      code?: unknown;
    };
    await executor.close();
    return [counts, items, code];
  },
  async byHand() {
    const seen: unknown[] = [];
    const controller = new AbortController();
    const ticking = spawn(
      function* ticking() {
        try {
          for (;;) yield* sleep(1);
        } finally {
          seen.push("finally");
        }
      },
      { signal: controller.signal },
    );
    seen.push(
      await go(function* () {
        yield* sleep(5);
        return yield* wait(Promise.resolve(1));
      }),
    );
    controller.abort("enough");
    seen.push(await caught(ticking.result));
    const failure = new Error("down");
    const failed = go(function* () {
      try {
        yield* wait(Promise.reject(failure));
      } catch (error) {
        seen.push(error === failure);
        throw error;
      }
    });
    seen.push((await caught(failed)) === failure);
    return seen;
  },
  async twoWay() {
    const sums = generator(function* (): Generator<number, string, number> {
      let sum = 0;
      for (let count = 0; count < 2; count++) sum += yield sum;
      return `sum ${sum}`;
    });
    return [await sums.next(), await sums.next(10), await sums.next(20)];
  },
  async scopes() {
    const seen: unknown[] = [];
    const first = new Error("first");
    const failed = scope(function* (s) {
      s.defer(() => seen.push("deferred"));
      s.spawn(function* () {
        try {
          yield* sleep(60_000);
        } finally {
          seen.push("ended");
        }
      });
      yield* sleep(1);
      throw first;
    });
    seen.push((await caught(failed)) === first);
    const late = scope(() => new Promise(() => {}), { timeout: 50, grace: 1 });
    seen.push(((await caught(late)) as { code?: unknown }).code);
    const permits = semaphore(1);
    let [running, most] = [0, 0];
    await scope((s) => {
      for (let n = 0; n < 3; n++) {
        s.spawn(function* () {
          const permit = yield* wait((signal) => permits.acquire({ signal }));
          most = Math.max(most, ++running);
          yield* sleep(1);
          running--;
          permit.release();
        });
      }
    });
    return [...seen, most, permits.available];
  },
  context() {
    const { process } = globalThis as { process?: NodeJS.Process };
    const hooks = process?.getBuiltinModule?.("node:async_hooks");
    if (!hooks) return "none";
    const store = new hooks.AsyncLocalStorage<string>();
    const read = function* (): Generator<PromiseLike<void>, unknown> {
      yield* sleep(1);
      return store.getStore();
    };
    return store.run("kept", () => go(read));
  },
  ...channelPrograms,
  ...selectPrograms,
  ...turnPrograms,
};

/** Runs all of them, as JSON. */
export async function runPrograms(): Promise<string> {
  const results: Record<string, unknown> = {};
  for (const [name, program] of Object.entries(all)) results[name] = await program();
  return JSON.stringify(results);
}
