import type { ChannelOptions, TaskContext } from "@quintet/core";
import { ConformanceError } from "../conformance-error.ts";
import { passGate, writeLine } from "../signs.ts";
import type { Errand } from "./control-functions.ts";

/** Which semaphore a task takes a permit of. */
export interface SemaphoreErrand extends Errand {
  readonly semaphore: string;
  readonly permits?: number;
  readonly weight?: number;
}

/** Which channel a task uses. */
export interface ChannelErrand extends Errand {
  readonly channel: string;
  readonly options?: ChannelOptions;
}

/** Tasks that use semaphores and channels by name. */
export const nameFunctions = {
  /** Takes a permit, writes `<name> holds`, waits at its gate, and ends without giving it back. */
  async keepsPermit(errand: SemaphoreErrand, { semaphore, signal }: TaskContext): Promise<number> {
    const { log, name = "keeps", permits, weight, until } = errand;
    const permit = await semaphore(errand.semaphore, permits).acquire({ weight });
    writeLine(log, `${name} holds`);
    await passGate(until, signal);
    return permit.fencingToken;
  },

  async failsWithPermit(errand: SemaphoreErrand, { semaphore }: TaskContext): Promise<never> {
    await semaphore(errand.semaphore).acquire();
    throw new Error("failed with a permit");
  },

  async exitsWithPermit(errand: SemaphoreErrand, { semaphore }: TaskContext): Promise<never> {
    await semaphore(errand.semaphore).acquire();
    process.exit(5);
  },

  /** Whether a permit is free, given back at once. */
  async triesPermit(errand: SemaphoreErrand, { semaphore }: TaskContext): Promise<boolean> {
    const permit = await semaphore(errand.semaphore, errand.permits).tryAcquire(errand.weight);
    permit?.release();
    return permit !== undefined;
  },

  /** Writes `in` and `out` while it has a permit. */
  usesPermit(errand: SemaphoreErrand, context: TaskContext): Promise<void> {
    return context.semaphore(errand.semaphore, errand.permits).use(async () => {
      writeLine(errand.log, "in");
      await passGate(errand.until, context.signal);
      writeLine(errand.log, "out");
    });
  },

  /** Writes `<name> waits` and gives the code of the error it waited in vain with. */
  async waitsInVain(errand: SemaphoreErrand, { semaphore }: TaskContext): Promise<unknown> {
    writeLine(errand.log, `${errand.name} waits`);
    try {
      await semaphore(errand.semaphore).acquire({ timeout: 20 });
      return "granted";
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
  },

  /** Sends each of its values, and closes the channel where it is told to. */
  async sends(
    errand: ChannelErrand & { readonly values: readonly unknown[]; readonly closes?: boolean },
    context: TaskContext,
  ): Promise<number> {
    const channel = context.channel(errand.channel, errand.options);
    for (const value of errand.values) await channel.send(value);
    writeLine(errand.log, `${errand.name ?? "sends"} sent`);
    if (errand.closes) await channel.close();
    return errand.values.length;
  },

  /** Closes the channel with an error of this status. */
  closesWith(
    { channel, status }: ChannelErrand & { readonly status: number },
    context: TaskContext,
  ): Promise<void> {
    return context.channel(channel).close(new ConformanceError("the end", status));
  },

  /** All that comes until the channel ends. */
  async receivesAll(errand: ChannelErrand, context: TaskContext): Promise<unknown[]> {
    const values: unknown[] = [];
    for await (const value of context.channel(errand.channel, errand.options)) values.push(value);
    return values;
  },

  /** Writes `<name> receives`, and gives what comes first. */
  async receivesOne(errand: ChannelErrand, context: TaskContext): Promise<unknown> {
    writeLine(errand.log, `${errand.name ?? "one"} receives`);
    return (await context.channel(errand.channel, errand.options).receive()).value;
  },

  /** Ends while a loop, a receive and an acquire that nobody awaits go on. */
  leavesWaiting(
    { channel: name, semaphore: line, log }: ChannelErrand & SemaphoreErrand,
    { channel, semaphore }: TaskContext,
  ): void {
    const loop = async (): Promise<void> => {
      for await (const value of channel(name)) writeLine(log, `loop received ${String(value)}`);
      writeLine(log, "loop ended");
    };
    void loop();
    void channel(name).receive();
    void semaphore(line).acquire();
  },

  /** Sends on what it receives, until the channel ends. */
  async passesOn(
    errand: ChannelErrand & { readonly to: string },
    { channel }: TaskContext,
  ): Promise<void> {
    const to = channel(errand.to);
    for await (const value of channel(errand.channel)) await to.send(value);
    await to.close();
  },

  /** Sends what cannot travel, and then something that can; gives the path of what is guilty. */
  async sendsFunction(errand: ChannelErrand, { channel }: TaskContext): Promise<unknown> {
    const to = channel(errand.channel, errand.options);
    try {
      await to.send({ options: { onDone(): void {} } });
      return undefined;
    } catch (error) {
      await to.send("something else");
      return (error as { path?: unknown }).path;
    }
  },
};
