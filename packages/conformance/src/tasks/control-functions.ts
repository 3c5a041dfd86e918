import type { TaskContext } from "@quintet/core";
import { describeValue } from "../describe-value.ts";
import { blockAtGate, passGate, readLines, writeLine } from "../signs.ts";

/** What a controlled task is told: where to write, under which name, and which gate to wait at. */
export interface Errand {
  readonly log?: string;
  readonly name?: string;
  readonly until?: string;
}

/** Writes `<name> started`, waits at its gate, writes `<name> ended`. When aborted: `<name> cancelled`. */
async function hold(errand: Errand, signal: AbortSignal | undefined): Promise<string> {
  const { log, name = "hold", until } = errand;
  writeLine(log, `${name} started`);
  try {
    await passGate(until, signal);
  } catch (error) {
    writeLine(log, `${name} cancelled`);
    throw error;
  }
  writeLine(log, `${name} ended`);
  return name;
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** Tasks that a case controls. */
export const controlFunctions = {
  mark({ log, name = "mark" }: Errand): string {
    writeLine(log, name);
    return name;
  },

  hold: (errand: Errand, { signal }: TaskContext): Promise<string> => hold(errand, signal),

  /** Fails once the gate `fails` is open; without one it holds. */
  async holdOrFail(errand: Errand & { fails?: string }, { signal }: TaskContext): Promise<string> {
    if (errand.fails === undefined) return hold(errand, signal);
    await passGate(errand.fails, signal);
    writeLine(errand.log, `${errand.name} fails`);
    throw new Error(`${errand.name} failed`);
  },

  /** Does not listen to its signal, but lets others run. */
  deaf: (errand: Errand): Promise<string> => hold({ name: "deaf", ...errand }, undefined),

  /** Does not listen, and lets nobody else run. */
  spin({ log, name = "spin", until }: Errand): string {
    writeLine(log, `${name} started`);
    blockAtGate(until);
    writeLine(log, `${name} ended`);
    return name;
  },

  /** Lets nobody else run until the gate is open, where it is told of one. */
  blockAt(gate: string): string {
    if (gate) blockAtGate(gate);
    return gate;
  },

  /** Ends at once, and writes its name when its gate is open. */
  markLater({ log, name = "later", until }: Errand): void {
    const mark = async (): Promise<void> => {
      await passGate(until);
      writeLine(log, name);
    };
    mark().catch(() => {});
  },

  /** Never leaves its function, but looks at `cancelled`. */
  watch({ log, until }: Errand, context: TaskContext): string {
    writeLine(log, "watch started");
    blockAtGate(until, () => context.cancelled);
    writeLine(log, context.cancelled ? "watch saw it" : "watch saw nothing");
    return "watched";
  },

  /** Listens, and takes until its gate is open to clean up. */
  async tidy({ log, until }: Errand, { signal }: TaskContext): Promise<string> {
    writeLine(log, "tidy started");
    await aborted(signal);
    writeLine(log, "tidy cleaning");
    await passGate(until);
    writeLine(log, "tidy cleaned");
    return "tidied";
  },

  /** Writes the reason it is aborted with. */
  async reason({ log }: Errand, { signal }: TaskContext): Promise<void> {
    writeLine(log, "reason started");
    await aborted(signal);
    writeLine(log, `reason ${describeValue(signal.reason)}`);
  },

  /** Starts to report only after it has ended. */
  reportLate({ log, until }: Errand, { progress }: TaskContext): string {
    const report = async (): Promise<void> => {
      await passGate(until);
      progress("late");
      writeLine(log, "reported");
    };
    report().catch(() => {});
    progress("in time");
    return "ended";
  },

  /** Goes on reporting after it was aborted. */
  async reportOn({ log }: Errand, { signal, progress }: TaskContext): Promise<void> {
    progress("before");
    await aborted(signal);
    progress("after");
    writeLine(log, "reported");
  },

  /** Blocks until another task has signed the same log. Tells whether one did. */
  meet({ log, name, limit }: { log: string; name: string; limit: number }): boolean {
    writeLine(log, name);
    const othersCame = (): boolean => readLines(log).some((line) => line !== name);
    blockAtGate(log, othersCame, limit);
    return othersCame();
  },
};
