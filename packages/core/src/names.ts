import type { ChannelOptions } from "./channel.ts";
import type { NamedChannel } from "./named-channel.ts";
import type { NamedSemaphore } from "./named-semaphore.ts";

/**
 * Gives semaphores and channels by name. An executor and all its tasks, wherever they run, mean the same one by the same
 * name. Names are data: any string will do.
 *
 * Neither method throws or waits: what is wrong with a call rejects what is asked of the thing that it gave.
 *
 * @example
 * ```ts
 * import { inline } from "@quintet/core";
 * import { threads } from "@quintet/threads";
 *
 * const greet = inline(async (name: string, { semaphore, channel }) => {
 *   await semaphore("door").use(() => channel("greetings").send(`hello ${name}`));
 * });
 * const pool = threads({ size: 2 });
 * const greeted = pool.run(greet, "Ada");
 * console.log((await pool.channel("greetings").receive()).value); // => hello Ada
 * await greeted;
 * await pool.close();
 * ```
 */
export interface Names {
  /**
   * The semaphore of a name. `permits` says how many there are; left out, there are as many as somebody said, or 1.
   * Where two say different numbers the last one counts, as if the semaphore was resized.
   */
  semaphore(name: string, permits?: number): NamedSemaphore;
  /**
   * The channel of a name. `options` say what it is; left out, it is what somebody said, or a rendezvous.
   * Where two say different things, the later one is refused with `INVALID_OPTION`.
   */
  channel<T = unknown>(name: string, options?: ChannelOptions): NamedChannel<T>;
}
