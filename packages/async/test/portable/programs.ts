import {
  any,
  asCompleted,
  eventLoop,
  fromCallback,
  fromEvent,
  gather,
  interval,
  merge,
  queue,
  race,
  retry,
  semaphore,
  shield,
  sleep,
  suppressed,
  taskGroup,
  timeout,
  wait,
} from "@quintet/async";
import { withPolicies } from "@quintet/core";

type Program = () => unknown;

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((reason: unknown) => reason);

const deaf = (): Promise<never> => new Promise(() => {});
const slow = (_: unknown, { signal }: { readonly signal: AbortSignal }): Promise<void> =>
  sleep(60_000, { signal });
const nap = (n: number) => async (): Promise<number> => {
  for (let left = n * 10; left > 0; left--) await sleep(0);
  return n;
};

/** Small programs that must do the same wherever there are promises and timers. */
const all: Record<string, Program> = {
  async eventLoop() {
    const executor = eventLoop({ concurrency: 2 });
    let most = 0;
    const run = async (n: number): Promise<number> => {
      most = Math.max(most, executor.stats().running);
      await sleep(1);
      return n * n;
    };
    const squares = await executor.map(run, [1, 2, 3, 4, 5]).toArray();
    const late = caught(executor.run(slow, undefined, { timeout: 1 }));
    const { code } = (await late) as { code?: unknown };
    await executor.close();
    return [squares, most, code];
  },
  async semaphore() {
    const permits = semaphore(2);
    let [running, most] = [0, 0];
    const hold = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
    };
    await Promise.all([1, 2, 3, 4].map(() => permits.use(hold)));
    return [most, permits.available];
  },
  async queue() {
    const items = queue<number>({ capacity: 1 });
    const putting = Promise.all([1, 2, 3].map((n) => items.put(n)));
    const got = [await items.get(), await items.get(), await items.get()];
    await putting;
    return got;
  },
  async policies() {
    let calls = 0;
    const backoff = { base: 1, cap: 1 };
    const flaky = withPolicies(
      async () => {
        if (++calls < 3) throw new Error("down");
        return calls;
      },
      retry({ attempts: 3, backoff }),
      timeout(5_000),
    );
    return flaky();
  },
  async firstError() {
    const first = new Error("first");
    let cause: unknown;
    const error = await caught(
      taskGroup((group) => {
        group.spawn(async ({ signal }) => {
          await caught(sleep(60_000, { signal }));
          ({ cause } = signal.reason as { cause?: unknown });
          throw new Error("second");
        });
        group.spawn(() => Promise.reject(first));
      }),
    );
    return [error === first, cause === first, suppressed(error).map(String)];
  },
  async deadline() {
    const group = taskGroup(({ signal }) => sleep(60_000, { signal }), { timeout: 5 });
    const { code } = (await caught(group)) as { code?: unknown };
    return code;
  },
  async deaf() {
    const controller = new AbortController();
    const group = taskGroup(
      (outer) => taskGroup((inner) => void inner.spawn(deaf, { name: "deaf" }), { parent: outer }),
      { signal: controller.signal, grace: 5 },
    );
    controller.abort("enough");
    const { code, tasks, cause } = (await caught(group)) as Record<string, unknown>;
    return [code, tasks, cause];
  },
  limit: () =>
    taskGroup(
      async (group) => {
        const order: number[] = [];
        for (let n = 0; n < 4; n++) group.spawn(() => sleep(1).then(() => order.push(n)));
        await wait([group.spawn(() => 4)]);
        return order;
      },
      { limit: 1 },
    ),
  gather: () => gather([async () => 1, () => sleep(1).then(() => "two")]),
  race: () => race([({ signal }) => sleep(60_000, { signal }), () => sleep(1).then(() => "first")]),
  any: () => any([() => Promise.reject(new Error("down")), async () => "up"]),
  async asCompleted() {
    const seen: number[] = [];
    for await (const n of asCompleted([nap(2), nap(0), nap(1)])) seen.push(n);
    return seen;
  },
  async reasons() {
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [
      sleep(60_000, { signal }),
      fromCallback(() => {}, { signal }),
      fromEvent(new EventTarget(), "message", { signal }),
      shield(() => sleep(1), { signal }),
      wait([new Promise(() => {})], { signal }),
      taskGroup(({ signal: inner }) => sleep(60_000, { signal: inner }), { signal }),
    ].map(caught);
    controller.abort("enough");
    return Promise.all(waits);
  },
  async iterators() {
    const target = new EventTarget();
    const event = fromEvent<Event>(target, "message");
    target.dispatchEvent(new Event("message"));
    const seen: unknown[] = [(await event).type];
    for await (const item of merge([[1, 2], interval(1)])) {
      seen.push(item);
      if (seen.length === 6) break;
    }
    return seen.length;
  },
  context() {
    const { process } = globalThis as { process?: NodeJS.Process };
    const hooks = process?.getBuiltinModule?.("node:async_hooks");
    if (!hooks) return "none";
    const store = new hooks.AsyncLocalStorage<string>();
    return taskGroup(
      (group) => {
        store.run("other", () => group.spawn(() => sleep(1)));
        return store.run("kept", () => group.spawn(() => store.getStore())).result;
      },
      { limit: 1 },
    );
  },
};

/** Runs all of them, as JSON. */
export async function runPrograms(): Promise<string> {
  const results: Record<string, unknown> = {};
  for (const [name, program] of Object.entries(all)) results[name] = await program();
  return JSON.stringify(results);
}
