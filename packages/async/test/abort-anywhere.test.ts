import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import {
  barrier,
  condition,
  deferred,
  event,
  keyed,
  latch,
  mutex,
  once,
  queue,
  rwLock,
  semaphore,
} from "../src/index.ts";
import { ticks, turn } from "./turns.ts";

/** Something that several do together, one of whom has a signal. */
interface Program {
  readonly victim: Promise<unknown>;
  /** They have to end well, whatever becomes of the victim. */
  readonly others: readonly Promise<unknown>[];
  /** How it looks when all is over. */
  readonly end: () => unknown;
  /** How it has to look. */
  readonly idle: unknown;
}

const reason = { why: "enough" };
const pause = (): Promise<void> => ticks(2);

const programs: Record<string, (signal: AbortSignal) => Program> = {
  semaphore(signal) {
    const slots = semaphore(3);
    const first = slots.use(pause);
    const victim = slots.use(pause, { weight: 3, signal });
    const others = [1, 2, 3, 1].map((weight) => slots.use(pause, { weight }));
    return { victim, others: [first, ...others], end: () => slots.available, idle: 3 };
  },
  "a mutex inside a mutex"(signal) {
    const [outer, inner] = [mutex(), mutex()];
    const both = (own?: AbortSignal): Promise<void> =>
      outer.use(() => inner.use(pause, { signal: own }), { signal: own });
    const first = both();
    const victim = both(signal);
    const others = [first, both(), inner.use(pause)];
    return { victim, others, end: () => [outer.available, inner.available], idle: [1, 1] };
  },
  "a writer that becomes a reader"(signal) {
    const lock = rwLock();
    const before = [lock.read.use(pause), lock.write.use(pause)];
    const victim = lock.write.use(
      async (permit) => {
        using reader = permit.downgrade();
        await pause();
        return reader.weight;
      },
      { signal },
    );
    const others = [...before, lock.read.use(pause), lock.write.use(pause), lock.read.use(pause)];
    const end = (): unknown => lock.inspect().state;
    return { victim, others, end, idle: { readers: 0, writing: false, waiting: 0, closed: false } };
  },
  "a condition"(signal) {
    const lock = mutex();
    const changed = condition({ lock });
    let ready = 0;
    const wait = (own?: AbortSignal): Promise<void> =>
      changed.use(({ waitFor }) => waitFor(() => ready > 0, { signal: own }), { signal: own });
    const victim = wait(signal);
    const give = async (): Promise<void> => {
      await pause();
      await changed.use(() => void ready++);
      changed.notifyAll();
    };
    const others = [wait(), give(), wait()];
    return {
      victim,
      others,
      end: () => [lock.available, changed.inspect().waiters],
      idle: [1, []],
    };
  },
  "a full queue"(signal) {
    const jobs = queue<string>({ capacity: 1 });
    const put = jobs.put("a");
    const victim = jobs.put("victim", { signal });
    const others = [
      put,
      jobs.put("b"),
      pause().then(() => jobs.get()),
      ticks(5).then(() => jobs.get()),
    ];
    const accepted = victim.then(
      () => 1,
      () => 0,
    );
    const rest = Promise.all([accepted, ...others]).then(([count]) =>
      expect(jobs.size).toBe(count),
    );
    return { victim, others: [...others, rest], end: () => jobs.inspect().waiters, idle: [] };
  },
  "an empty queue"(signal) {
    const jobs = queue<string>();
    const victim = jobs.get({ signal });
    const other = jobs.get();
    const others = [other, pause().then(() => jobs.put("a")), ticks(5).then(() => jobs.put("b"))];
    const taken = victim.then(
      () => 1,
      () => 0,
    );
    const rest = Promise.all([taken, ...others]).then(([count]) =>
      expect(jobs.size).toBe(1 - count),
    );
    return { victim, others: [...others, rest], end: () => jobs.inspect().waiters, idle: [] };
  },
  "an event, a latch, a deferred and a run"(signal) {
    const [ready, done, answer] = [event(), latch(2), deferred<number>()];
    const load = once(async () => answer.wait());
    const all = async (own?: AbortSignal): Promise<number> => {
      const options = { signal: own };
      await ready.wait(options);
      await done.wait(options);
      return (await answer.wait(options)) + (await load(options));
    };
    const victim = all(signal);
    const drive = async (): Promise<void> => {
      await pause();
      ready.set();
      await pause();
      done.countDown(2);
      await pause();
      answer.resolve(1);
    };
    const waiting = (): number[] =>
      [ready, done, answer, load].map((each) => each.inspect().waiters.length);
    return { victim, others: [all(), drive()], end: waiting, idle: [0, 0, 0, 0] };
  },
  "keyed locks"(signal) {
    const locks = keyed(() => mutex());
    const first = locks.get("a").use(pause);
    const victim = locks.get("a").use(() => locks.get("b").use(pause, { signal }), { signal });
    const others = [first, locks.get("b").use(pause), locks.get("a").use(pause)];
    return { victim, others, end: () => locks.size, idle: 0 };
  },
  "a barrier, which it breaks for the others"(signal) {
    const meeting = barrier(2);
    const victim = pause().then(() => meeting.wait({ signal }));
    const other = meeting
      .wait()
      .catch((error: unknown) => expect(error).toMatchObject({ cause: reason }));
    return { victim, others: [other], end: () => meeting.waiting, idle: 0 };
  },
};

/** Aborts after so many ticks, and gives how the victim ended. */
async function abortAfter(
  start: (signal: AbortSignal) => Program,
  moment: number,
): Promise<string> {
  const controller = new AbortController();
  const { signal } = controller;
  const { victim, others, end, idle } = start(signal);
  const endings = Promise.allSettled(others);
  let victimEnding = "waits for ever";
  victim.then(
    () => (victimEnding = "done"),
    (error: unknown) => (victimEnding = error === reason ? "aborted" : String(error)),
  );
  let isOver = false;
  void endings.then(() => (isOver = true));
  await ticks(moment);
  controller.abort(reason);
  await turn();
  await turn();
  expect(isOver, `the others have ended after an abort at ${moment}`).toBe(true);
  expect((await endings).filter(({ status }) => status === "rejected")).toEqual([]);
  expect(end()).toEqual(idle);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  return victimEnding;
}

async function expectNothingLost(start: (signal: AbortSignal) => Program): Promise<void> {
  const seen: string[] = [];
  for (let moment = 0; moment < 60; moment++) seen.push(await abortAfter(start, moment));
  expect(new Set(seen)).toEqual(new Set(["aborted", "done"]));
  // Once it is too late for an abort it stays so.
  expect(seen.indexOf("done")).toBeGreaterThan(seen.lastIndexOf("aborted"));
}

it.each(Object.keys(programs))(
  "%s: nothing is lost and nobody waits for ever when an abort comes between any two ticks",
  async (name) => {
    await expectNothingLost(programs[name] as (signal: AbortSignal) => Program);
  },
);

it.each([
  ["forgets the permit of one that is aborted as it is granted", true],
  ["hands a permit to one that has been aborted", false],
])("a lock that %s is caught", async (_fault, isLate) => {
  const start = (signal: AbortSignal): Program => {
    const lock = mutex();
    const lossy = async (): Promise<void> => {
      const { promise, reject } = Promise.withResolvers<never>();
      if (!isLate) signal.addEventListener("abort", () => reject(reason), { once: true });
      const permit = await Promise.race([lock.acquire(), promise]);
      if (signal.aborted) throw reason;
      await pause();
      permit.release();
    };
    const first = lock.use(pause);
    const victim = lossy();
    return { victim, others: [first, lock.use(pause)], end: () => lock.available, idle: 1 };
  };
  await expect(expectNothingLost(start)).rejects.toThrow(/expected/);
});
