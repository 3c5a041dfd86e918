import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineTasks, type TaskContext } from "@quintet/core";

/** What tasks of the fault tests write down, a line each. */
export interface Entry {
  readonly journal?: string;
  readonly name: string | number;
  /** Goes on as long as this file is there. */
  readonly until?: string;
  readonly milliseconds?: number;
}

const write = (journal: string | undefined, line: string): void => {
  if (journal) appendFileSync(journal, `${line}\n`);
};

export const fleet = defineTasks("fleet", import.meta.url, {
  echo: (value: unknown) => value,
  place: () => process.pid,
  async work({ journal, name, until = "", milliseconds = 0 }: Entry, { signal }: TaskContext) {
    write(journal, `${name} started by ${process.pid}`);
    await sleep(milliseconds, undefined, { signal });
    while (existsSync(until)) await sleep(5, undefined, { signal });
    write(journal, `${name} ended`);
    return name;
  },
  /** Takes its worker along. */
  poison({ journal, name }: Entry): void {
    write(journal, `${name} started by ${process.pid}`);
    process.kill(process.pid, "SIGKILL");
    for (;;);
  },
  async *count({ name, milliseconds = 0 }: Entry) {
    for (let n = 0; n < Number(name); n++) {
      yield n;
      await sleep(milliseconds);
    }
    return name;
  },
  /** Fails until its third attempt. */
  thrice: (_: void, { attempt }: TaskContext) => {
    if (attempt < 3) throw new RangeError(`attempt ${attempt}`);
    return attempt;
  },
  /** Fails in its first attempt, where its number is odd; a line for each attempt. */
  odd({ journal, name }: Entry, { attempt }: TaskContext) {
    write(journal, `${name}.${attempt}`);
    if (Number(name) % 2 === 1 && attempt === 1) throw new RangeError(`${name} is odd`);
    return name;
  },
  /** Holds a permit of the semaphore of its name: a line when it has it, and one when it is lost. */
  async holds({ journal, name, until = "" }: Entry, { semaphore, signal }: TaskContext) {
    const permit = await semaphore(String(name)).acquire();
    write(journal, `holds ${permit.fencingToken}`);
    permit.signal.addEventListener("abort", () => {
      const { code } = Object(permit.signal.reason) as { code?: unknown };
      write(journal, `lost ${String(code)}`);
    });
    while (existsSync(until)) await sleep(5, undefined, { signal });
    return permit.fencingToken;
  },
  /** Holds one of two permits for a moment: a line when it has it and one when it gives it back. */
  guarded({ journal, name, milliseconds = 0 }: Entry, { semaphore, signal }: TaskContext) {
    return semaphore("guard", 2).use(async ({ fencingToken }) => {
      write(journal, `${name} in ${fencingToken}`);
      await sleep(milliseconds, undefined, { signal });
      write(journal, `${name} out ${fencingToken}`);
      return name;
    });
  },
  /** Says its name over a channel. */
  async tells({ name }: Entry, { channel }: TaskContext) {
    await channel("told", { capacity: 20 }).send(name);
    return name;
  },
  /** Sends its numbers to the channel of its name. */
  async sends({ name, milliseconds: many = 0 }: Entry, { channel }: TaskContext) {
    for (let n = 0; n < many; n++) await channel(String(name)).send(n);
  },
  /** Receives from the channel of its name to its end; a line for each value. */
  async receives({ journal, name }: Entry, { channel }: TaskContext) {
    for await (const value of channel(String(name))) write(journal, String(value));
  },
  big: (length: number) => "x".repeat(length),
});
