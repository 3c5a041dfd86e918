import { type Clock, systemClock, type Timer } from "@quintet/core/kit";
import type { KeptResult } from "../transport/kept-results.ts";
import type { Frame } from "../transport/protocol.ts";
import type { WorkerLink } from "../transport/transport.ts";

type Receive = (worker: string, frames: readonly Frame[]) => void;

/** Who waits for a result that will be kept. */
export interface MemoryWaiter {
  readonly client: string;
  readonly number: number;
}

/** What is kept, as text: nobody shares it. */
interface Kept {
  readonly worker: string;
  readonly frame: string;
  readonly timer: Timer;
}

/** The ways of results of a queue in memory: to the clients that are there, and to those that ask for them later. */
export class MemoryResults {
  readonly #clock: Clock;
  readonly #clients = new Map<string, Receive>();
  readonly #kept = new Map<string, Kept>();
  /** By job, and there by client and number. */
  readonly #waiters = new Map<string, Map<string, MemoryWaiter>>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  open(client: string, receive: Receive): void {
    this.#clients.set(client, receive);
  }

  close(client: string): void {
    this.#clients.delete(client);
    for (const [job, waiters] of this.#waiters) {
      for (const waiter of waiters.values())
        if (waiter.client === client) this.leave(job, waiter, true);
    }
  }

  /** Frames, as JSON. What is told to a client that is gone is told to nobody. */
  send(to: string, worker: string, frames: string): void {
    this.#clients.get(to)?.(worker, JSON.parse(frames) as Frame[]);
  }

  /** The result of a job. Where it is not there yet, `waiter` is told of it. */
  attach(job: string, waiter?: MemoryWaiter): KeptResult | undefined {
    const kept = this.#kept.get(job);
    if (kept) return { worker: kept.worker, frame: JSON.parse(kept.frame) as KeptResult["frame"] };
    if (waiter) {
      const waiters = this.#waiters.get(job) ?? new Map<string, MemoryWaiter>();
      this.#waiters.set(job, waiters.set(nameOf(waiter), waiter));
    }
    return undefined;
  }

  /** Somebody waits no more; where nobody else does, only if `always` is set. Gives how many others wait. */
  leave(job: string, waiter: MemoryWaiter, always: boolean): number {
    const waiters = this.#waiters.get(job);
    const others = [...(waiters?.keys() ?? [])].filter((name) => name !== nameOf(waiter)).length;
    if (others > 0 || always) waiters?.delete(nameOf(waiter));
    if (waiters?.size === 0) this.#waiters.delete(job);
    return others;
  }

  keep(job: string, worker: string, result: Parameters<WorkerLink["keep"]>[1]): void {
    const { kind, rest, milliseconds } = result;
    this.#kept.get(job)?.timer.cancel();
    const forget = (): unknown => this.#kept.delete(job);
    const timer = this.#clock.after(milliseconds, forget, { background: true });
    this.#kept.set(job, { worker, frame: `["${kind}",${rest}]`, timer });
    const waiters = this.#waiters.get(job);
    this.#waiters.delete(job);
    for (const { client, number } of waiters?.values() ?? []) {
      this.send(client, worker, `[["${kind}",${number},${rest}]]`);
    }
  }

  has(job: string): boolean {
    return this.#kept.has(job);
  }
}

function nameOf({ client, number }: MemoryWaiter): string {
  return `${client}|${number}`;
}
