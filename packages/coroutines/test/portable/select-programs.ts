import { eventLoop, semaphore, sleep as asyncSleep } from "@quintet/async";
import {
  aborted,
  acquiring,
  after,
  channel,
  select,
  settled,
  trySelect,
} from "@quintet/coroutines";
import { caught, type Program } from "./program.ts";

export const selectPrograms: Record<string, Program> = {
  async select() {
    const words = channel<string>();
    const permits = semaphore(1);
    const held = await permits.acquire();
    const stop = new AbortController();
    const executor = eventLoop();
    const job = executor.submit(() => asyncSleep(20));
    const arms = {
      word: words.receiving(),
      permit: acquiring(permits),
      stop: aborted(stop.signal),
      job: settled(job), // ready ever after
      late: after(60_000),
    };
    const won: unknown[] = [];
    const next = async (): Promise<void> => {
      const { arm } = await select(arms, { biased: true });
      won.push(arm);
    };
    let waits = next();
    await words.send("hello");
    await waits;
    waits = next();
    held.release();
    await waits;
    await next();
    stop.abort("enough");
    await next();
    await executor.close();
    return [won, permits.available, permits.waiting];
  },
  async selectEnds() {
    const words = channel<string>();
    const arms = { word: words.receiving() };
    const controller = new AbortController();
    const ended = caught(select(arms, { signal: controller.signal }));
    controller.abort("enough");
    const late = await select({ ...arms, late: after(1) });
    const none = await select(arms, { default: "none" });
    const nothing = trySelect(arms) === undefined;
    return [await ended, late.arm, none.arm, words.waiting.receivers, nothing];
  },
};
