import { nobody, type Reply } from "@quintet/core/kit";
import { afterBusy } from "../client/after-busy.ts";
import { LeaseLostError, UnreachableError } from "../queue-errors.ts";
import type { AskOwner } from "./desk-ask.ts";
import type { DeskCalls } from "./desk-calls.ts";
import { keyOf } from "./name-codec.ts";

/** How long Redis may take for a return, in milliseconds. */
type PatientOwner = Pick<AskOwner, "clock" | "patience">;

interface HeldPermit {
  readonly name: string;
  readonly reply: Reply;
}

/** The permits that a desk has been granted, by the numbers of the questions. */
export class HeldPermits {
  readonly #calls: DeskCalls;
  readonly #held = new Map<number, HeldPermit>();
  /** Those on their way back. */
  readonly #returning = new Set<number>();
  readonly #owner: PatientOwner;
  readonly #onChange: () => void;
  /** How many returns are waited for. */
  awaited = 0;

  /** `onChange` is told when somebody begins to wait for a return, or does so no more. */
  constructor(calls: DeskCalls, owner: PatientOwner, onChange: () => void) {
    this.#calls = calls;
    this.#owner = owner;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#held.size + this.#returning.size;
  }

  get numbers(): readonly number[] {
    return [...this.#held.keys()];
  }

  get returning(): readonly number[] {
    return [...this.#returning];
  }

  /** Those of their semaphores, each once: kinds and names. */
  get names(): readonly string[] {
    const names = new Set([...this.#held.values()].map(({ name }) => keyOf(name)));
    return [...names].flatMap((name) => ["semaphore", name]);
  }

  add(number: number, name: string, reply: Reply): void {
    this.#held.set(number, { name, reply });
  }

  /** Gives one back; one that is back already changes nothing. Resolves with whether the session was known still. */
  async release(number: number, session: string, reply: Reply = nobody): Promise<boolean> {
    const held = this.#held.get(number);
    if (!held) {
      reply.done(undefined);
      return true;
    }
    this.#held.delete(number);
    this.#returning.add(number);
    const end = reply === nobody ? undefined : this.#expect(held.name, reply);
    try {
      const answer = await this.#calls.ask("release", session, 0, keyOf(held.name), number);
      this.#returning.delete(number);
      end?.(() => reply.done(undefined));
      return answer[0] !== "gone";
    } catch (error) {
      end?.(() => reply.failed(error)); // it goes back when the lease is renewed next
      return true;
    }
  }

  /** Lets somebody wait for a return, within the patience; whoever calls what it gives ends that, once. */
  #expect(name: string, reply: Reply): (tell: () => void) => void {
    const { clock, patience } = this.#owner;
    let isOver = false;
    const end = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      this.#await(-1);
      tell();
    };
    const message = `Redis has not taken back a permit of ${JSON.stringify(name)} within ${patience} ms; is it up?`;
    const timer = afterBusy(clock, patience, () => {
      end(() => reply.failed(new UnreachableError(message)));
    });
    this.#await(1);
    return end;
  }

  #await(more: number): void {
    this.awaited += more;
    this.#onChange();
  }

  /** These are back. */
  returned(numbers: readonly number[]): void {
    for (const number of numbers) this.#returning.delete(number);
  }

  /** Others may have these, since a lease of so many milliseconds has ended. */
  lost(numbers: readonly number[], lease: number): void {
    for (const number of numbers) {
      const held = this.#held.get(number);
      if (!held) continue;
      this.#held.delete(number);
      const message = `The permit of semaphore ${JSON.stringify(held.name)} is lost, and others may have it: Redis has not heard of its holder for ${lease} ms, or has forgotten it.`;
      held.reply.lost(new LeaseLostError(message));
    }
  }

  clear(): void {
    this.#held.clear();
    this.#returning.clear();
  }
}
