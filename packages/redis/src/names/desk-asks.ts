import type { DeskAsk } from "./desk-ask.ts";
import { keyOf } from "./name-codec.ts";

/** What was asked and is not answered, in the order in which it was asked. */
export class DeskAsks implements Iterable<DeskAsk> {
  readonly #asks = new Map<number, DeskAsk>();
  readonly #onChange: () => void;
  /** How many somebody waits for, and how many of those stand in a line. */
  waiting = 0;
  parked = 0;

  /** `onChange` is told of new counts. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#asks.size;
  }

  get(number: number): DeskAsk | undefined {
    return this.#asks.get(number);
  }

  has(ask: DeskAsk): boolean {
    return this.#asks.get(ask.number) === ask;
  }

  add(ask: DeskAsk): void {
    this.#asks.set(ask.number, ask);
    this.#count(1, 0);
  }

  /** It stands in a line now, or does so no more. */
  park(ask: DeskAsk, isParked: boolean): void {
    if (ask.isParked === isParked) return;
    ask.isParked = isParked;
    if (!ask.isAbandoned) this.#count(0, isParked ? 1 : -1);
  }

  /** It is over; false when it was before. */
  delete(ask: DeskAsk): boolean {
    if (!this.has(ask)) return false;
    ask.end();
    this.#asks.delete(ask.number);
    this.park(ask, false);
    if (!ask.isAbandoned) this.#count(-1, 0);
    return true;
  }

  /** Its asker is told of a failure; it stays, until it is known what Redis has made of it. */
  abandon(ask: DeskAsk, error: unknown): void {
    if (ask.isAbandoned) return;
    ask.isAbandoned = true;
    ask.end();
    this.#count(-1, ask.isParked ? -1 : 0);
    ask.reply.failed(error);
  }

  /** It is over, with a failure. */
  fail(ask: DeskAsk, error: unknown): void {
    if (!this.has(ask)) return;
    this.abandon(ask, error);
    this.delete(ask);
  }

  /** The names that they are about, each once: kinds and names. */
  get names(): readonly string[] {
    const names = new Map<string, readonly [kind: string, name: string]>();
    for (const { request } of this) {
      const kind = request.ask === "acquire" ? "semaphore" : "channel";
      names.set(`${kind} ${request.name}`, [kind, keyOf(request.name)]);
    }
    return [...names.values()].flat();
  }

  /** Numbers of those that stand in a line and are to stay there. */
  get standing(): readonly number[] {
    const standing = [...this].filter((ask) => ask.isParked && !ask.isAbandoned && !ask.leaving);
    return standing.map(({ number }) => number);
  }

  /** Numbers and names of those that receive: they may have been handed a value. */
  receivers(which: (ask: DeskAsk) => boolean = () => true): string[] {
    const found = [...this].filter((ask) => ask.request.ask === "receive" && which(ask));
    return found.flatMap(({ number, request }) => [`${number}`, keyOf(request.name)]);
  }

  /** As they are now. */
  [Symbol.iterator](): IterableIterator<DeskAsk> {
    return [...this.#asks.values()].values();
  }

  #count(waiting: number, parked: number): void {
    this.waiting += waiting;
    this.parked += parked;
    this.#onChange();
  }
}
