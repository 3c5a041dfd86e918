import { nobody, type Reply } from "@quintet/core/kit";
import { LeaseLostError } from "../queue-errors.ts";
import type { DeskCalls } from "./desk-calls.ts";
import { keyOf } from "./name-codec.ts";

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
  readonly #onChange: () => void;
  /** How many returns are waited for. */
  awaited = 0;

  /** `onChange` is told when somebody begins to wait for a return, or does so no more. */
  constructor(calls: DeskCalls, onChange: () => void) {
    this.#calls = calls;
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
  async release(number: number, session: string, reply?: Reply): Promise<boolean> {
    const held = this.#held.get(number);
    let isKnown = true;
    const isAwaited = held !== undefined && reply !== undefined && reply !== nobody;
    this.#await(isAwaited ? 1 : 0);
    try {
      if (held) {
        this.#held.delete(number);
        this.#returning.add(number);
        const answer = await this.#calls.ask("release", session, 0, keyOf(held.name), number);
        isKnown = answer[0] !== "gone";
        this.#returning.delete(number);
      }
      reply?.done(undefined);
    } catch (error) {
      reply?.failed(error); // it goes back when the lease is renewed next
    } finally {
      this.#await(isAwaited ? -1 : 0);
    }
    return isKnown;
  }

  #await(more: number): void {
    this.awaited += more;
    if (more !== 0) this.#onChange();
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
