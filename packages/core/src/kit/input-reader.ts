import { InvalidOptionError } from "../errors.ts";
import { printed } from "./printed.ts";

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
    const take = (answer: unknown): void => {
      let step: Step;
      try {
        step = checkedStep(answer);
      } catch (error) {
        return fail(error);
      }
      this.#reading = false;
      if (step.done) this.#open = false;
      else if (!this.#open && !this.#async) this.#leave();
      onStep(step);
    };
    this.#reading = true;
    let answer: unknown;
    try {
      answer = this.#iterator.next();
    } catch (error) {
      return fail(error);
    }
    if (this.#async) Promise.resolve(answer).then(take, fail);
    else take(answer);
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** Ends the source. While a read is under way only asks for it: the source may never answer. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#reading) await this.#iterator.return?.();
    else if (this.#async) this.#leave();
    // A sync source is in the middle of next(), where it cannot be ended; it is as soon as that is over.
  }

  /** Ends the source of a map that is over and has its own error to report. */
  #leave(): void {
    const leaving = async (): Promise<void> => void (await this.#iterator.return?.());
    leaving().catch(() => {});
  }
}

/** What an iterator answered, read once. */
function checkedStep(answer: unknown): Step {
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError(`The inputs gave ${printed(answer)} where an iterator gives an object.`);
  }
  const { done, value } = answer as Step;
  return done ? { done, value } : { done: false, value };
}
