import { type Clock, systemClock } from "@quintet/core/kit";
import type { Redis } from "ioredis";
import { checked } from "./checked.ts";
import type { Frame } from "./protocol.ts";

/** Milliseconds a read waits for results, and more that its answer may take before the connection counts as dead. */
const block = 5_000;
const patience = 5_000;

/** How long a client's stream outlives its last sign of life, and how often that is given. */
export const streamLife = 300_000;
const refresh = 20_000;

type Entries = [id: string, fields: string[]][];

/** Reads a client's result stream, as long as results are waited for. Nothing is trimmed before it was read. */
export class ResultReader {
  readonly #key: string;
  readonly #blocking: Redis;
  readonly #commands: Redis;
  readonly #onFrames: (worker: string, frames: readonly Frame[], length: number) => void;
  readonly #onGap: () => void;
  readonly #onError: (error: Error) => void;
  readonly #clock: Clock = systemClock;
  #last = "0";
  #wanted = false;
  #reading = false;
  #closed = false;
  #refreshed = Number.NEGATIVE_INFINITY;

  constructor(
    key: string,
    { blocking, commands }: { readonly blocking: Redis; readonly commands: Redis },
    onFrames: (worker: string, frames: readonly Frame[], length: number) => void,
    onGap: () => void,
    onError: (error: Error) => void,
  ) {
    this.#key = key;
    this.#blocking = blocking;
    this.#commands = commands;
    this.#onFrames = onFrames;
    this.#onGap = onGap;
    this.#onError = onError;
  }

  /** Makes the stream, where it is not there: workers send to none that is not. */
  async ensure(): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#refreshed < refresh) return;
    this.#refreshed = now;
    try {
      const there = await this.#commands.pexpire(this.#key, streamLife);
      if (there === 1) return;
      const isFirst = this.#last === "0";
      this.#last = "0";
      await checked(
        this.#commands
          .multi()
          .xadd(this.#key, "*", "w", "", "f", "[]")
          .pexpire(this.#key, streamLife)
          .exec(),
      );
      if (!isFirst) this.#onGap();
    } catch (error) {
      this.#refreshed = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  want(wanted: boolean): void {
    this.#wanted = wanted;
    if (wanted && !this.#reading) void this.#read();
  }

  close(): void {
    this.#closed = true;
  }

  async #read(): Promise<void> {
    this.#reading = true;
    while (this.#wanted && !this.#closed) {
      try {
        await this.ensure();
        this.#take(await this.#next());
      } catch (error) {
        if (!this.#closed) this.#onError(error as Error);
        // The connection is being made again; what was sent meanwhile is in the stream still.
        if (this.#wanted && !this.#closed) await this.#pause(100);
      }
    }
    this.#reading = false;
  }

  /** A socket may be half open: whoever hears nothing for longer than the read may take opens another one. */
  async #next(): Promise<Entries> {
    // Whoever wants results holds the socket, and that the process.
    const late = this.#clock.after(block + patience, () => this.#blocking.disconnect(true), {
      background: true,
    });
    try {
      const answer = (await this.#blocking.call(
        "XREAD",
        "COUNT",
        "500",
        "BLOCK",
        `${block}`,
        "STREAMS",
        this.#key,
        this.#last,
      )) as [key: string, entries: Entries][] | null;
      return answer?.[0]?.[1] ?? [];
    } finally {
      late.cancel();
    }
  }

  #take(entries: Entries): void {
    const last = entries.at(-1)?.[0];
    if (last === undefined) return;
    this.#last = last;
    for (const [, fields] of entries) this.#deliver(fields);
    // An own command: what was read must not wait for that to be settled.
    this.#commands.xtrim(this.#key, "MINID", last).catch(() => {});
  }

  #deliver(fields: readonly string[]): void {
    const worker = fields[fields.indexOf("w") + 1] ?? "";
    const text = fields[fields.indexOf("f") + 1] ?? "";
    let frames: unknown;
    try {
      frames = JSON.parse(text);
    } catch {
      return this.#onGap(); // who waits for what stood in it will not get it
    }
    if (Array.isArray(frames)) this.#onFrames(worker, frames as Frame[], text.length);
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(milliseconds, resolve));
  }
}
