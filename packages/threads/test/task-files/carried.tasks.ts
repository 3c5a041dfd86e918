import { AsyncLocalStorage } from "node:async_hooks";
import { defineTasks, registerStore } from "@quintet/core";

/** Stores that both sides know. */
export const user = registerStore("user", new AsyncLocalStorage<unknown>());
export const trace = registerStore("trace", new AsyncLocalStorage<{ id: string }>());

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

export const carried = defineTasks("carried", import.meta.url, {
  now: () => [user.getStore(), trace.getStore()?.id],
  of: (_n: unknown) => user.getStore(),
  later: async () => {
    const first = user.getStore();
    await turn();
    return [first, user.getStore()];
  },
  *each(count: number) {
    for (let n = 0; n < count; n++) yield user.getStore();
    return user.getStore();
  },
  async *eachLater(count: number) {
    for (let n = 0; n < count; n++) {
      await turn();
      yield user.getStore();
    }
  },
  exitOnce: (_: void, { attempt }) => {
    if (attempt === 1) process.exit(1);
    return user.getStore();
  },
});
