import { InvalidOptionError } from "../errors.ts";

type Step = IteratorResult<unknown, unknown>;

/** Reads inputs one at a time from any iterable; closes it once. */
export class InputReader {
  /** How many there are, where the source knows. */
  readonly total: number | undefined;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #async: boolean;
  #open = true;
  #reading = false;

  /** *Errors*: `INVALID_OPTION` when the source is not iterable; whatever the source throws when asked to iterate. */
  constructor(source: Iterable<unknown> | AsyncIterable<unknown>) {
    const { length, size } = Object(source) as { length?: unknown; size?: unknown };
    this.total = typeof length === "number" ? length : typeof size === "number" ? size : undefined;
    const candidate = Object(source) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
    this.#async = typeof candidate[Symbol.asyncIterator] === "function";
    const iterator = candidate[Symbol.asyncIterator]?.() ?? candidate[Symbol.iterator]?.();
    if (!iterator) {
      throw new InvalidOptionError(
        `map() takes an iterable or async iterable of inputs, got ${typeof source}.`,
      );
    }
    this.#iterator = iterator;
  }

  /**
   * Tells the next step; synchronously where the source is. One read at a time.
   * A source that throws has closed itself.
   */
  read(onStep: (step: Step) => void, onError: (error: unknown) => void): void {
    const fail = (error: unknown): void => {
      this.#reading = this.#open = false;
      onError(error);
    };
    const take = (step: Step): void => {
      this.#reading = false;
      if (step.done) this.#open = false;
      onStep(step);
    };
    this.#reading = true;
    let step: Step | PromiseLike<Step>;
    try {
      step = this.#iterator.next() as Step | PromiseLike<Step>;
    } catch (error) {
      return fail(error);
    }
    if (this.#async) Promise.resolve(step).then(take, fail);
    else take(step as Step);
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Ends the source. While a read is under way only asks for it: the source may never answer. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#reading) {
      await this.#iterator.return?.();
      return;
    }
    const closing = async (): Promise<void> => void (await this.#iterator.return?.());
    closing().catch(() => {}); // the map is over and has its own error to report
  }
}
