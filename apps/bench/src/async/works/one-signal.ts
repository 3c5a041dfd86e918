import { count } from "../../format.ts";
import { verify } from "../../mismatch-error.ts";
import type { AsyncWork } from "../async-work.ts";

/** So many wait with one signal, which then aborts; and that so many times. */
export const oneSignalWork = (name: string, waiters: number, times: number): AsyncWork => ({
  name,
  title: `${count(waiters)} wait for the only permit with one signal, which aborts, ${count(times)} times; time for each`,
  tasks: waiters * times,
  perTask: true,
  runs: 0,
  prepare(subject, task) {
    const { useWith } = subject.limiter?.(1) ?? {};
    if (!useWith) return undefined;
    return async () => {
      for (let left = times; left > 0; left--) await abortAll(useWith, waiters, task);
    };
  },
});

async function abortAll(
  useWith: (signal: AbortSignal, task: () => Promise<void>) => Promise<void>,
  waiters: number,
  task: () => Promise<void>,
): Promise<void> {
  const gate = Promise.withResolvers<void>();
  const held = useWith(new AbortController().signal, () => gate.promise);
  const controller = new AbortController();
  const { signal } = controller;
  const all = Array.from({ length: waiters }, () => useWith(signal, task));
  const outcomes = Promise.allSettled(all);
  controller.abort();
  const refused = (await outcomes).filter(
    (outcome) => outcome.status === "rejected" && outcome.reason === signal.reason,
  );
  gate.resolve();
  await held;
  verify("waiters that were refused with the reason", waiters, refused.length);
}
