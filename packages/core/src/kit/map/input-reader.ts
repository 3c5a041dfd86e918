import { InvalidOptionError } from "../../errors.ts";
import { isPrimitive } from "../is-primitive.ts";
import { printed } from "../errors/printed.ts";

type Step = IteratorResult<unknown, unknown>;

/** Whom a reader tells. */
export interface InputListener {
  input(value: unknown): void;
  /** Several, which are primitive values. */
  inputs(values: unknown[]): void;
  /** There are no more. */
  inputEnded(): void;
  inputFailed(error: unknown): void;
}

/** Reads inputs one at a time from any iterable; closes it once. */
export class InputReader {
  /** How many there are, where the source knows. */
  readonly total: number | undefined;
  readonly #listener: InputListener;
  /** Read by index, which takes a tenth of the time. */
  readonly #array: readonly unknown[] | undefined;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #async: boolean;
  #next = 0;
  #open = true;
  #reading = false;

  /** *Errors*: `INVALID_OPTION` when the source is not iterable; whatever the source throws when asked to iterate. */
  constructor(source: Iterable<unknown> | AsyncIterable<unknown>, listener: InputListener) {
    this.#listener = listener;
    const { length, size } = Object(source) as { length?: unknown; size?: unknown };
    this.total = typeof length === "number" ? length : typeof size === "number" ? size : undefined;
    const candidate = Object(source) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
    this.#async = typeof candidate[Symbol.asyncIterator] === "function";
    const isPlain = candidate[Symbol.iterator] === Array.prototype[Symbol.iterator];
    this.#array = Array.isArray(source) && isPlain && !this.#async ? source : undefined;
    const iterator = candidate[Symbol.asyncIterator]?.() ?? candidate[Symbol.iterator]?.();
    if (!iterator) {
      throw new InvalidOptionError(
        `map() takes an iterable or async iterable of inputs, got ${typeof source}.`,
      );
    }
    this.#iterator = iterator;
  }

  /** Tells the next steps, so many at most; synchronously where the source is, or else one. */
  readSome(most: number): void {
    for (let left = most; left > 0 && this.#open && !this.#reading;) {
      const values = this.#take(left);
      if (values.length === 0) this.#read();
      else this.#listener.inputs(values);
      left -= Math.max(1, values.length);
    }
  }

  /** Tells the next step. One read at a time. A source that throws has closed itself. */
  #read(): void {
    if (this.#array) this.#readArray(this.#array);
    else if (this.#async) this.#readAsync();
    else this.#readSync();
  }

  /** The next inputs, where they stand in an array and are primitive values, but no more than so many. */
  #take(most: number): unknown[] {
    const array = this.#array;
    if (!array) return [];
    let end = this.#next;
    const last = Math.min(end + most, array.length);
    while (end < last && isPrimitive(array[end])) end++;
    const values = array.slice(this.#next, end);
    this.#next = end;
    return values;
  }

  #readArray(array: readonly unknown[]): void {
    if (this.#open && this.#next < array.length) return this.#listener.input(array[this.#next++]);
    this.#open = false;
    this.#listener.inputEnded();
  }

  #readSync(): void {
    this.#reading = true;
    let step: Step;
    try {
      step = checkedStep(this.#iterator.next());
    } catch (error) {
      return this.#fail(error);
    }
    this.#step(step);
  }

  #readAsync(): void {
    this.#reading = true;
    let answer: unknown;
    try {
      answer = this.#iterator.next();
    } catch (error) {
      return this.#fail(error);
    }
    Promise.resolve(answer)
      .then(checkedStep)
      .then(
        (step) => this.#step(step),
        (error: unknown) => this.#fail(error),
      );
  }

  #step({ done, value }: Step): void {
    this.#reading = false;
    if (done) this.#open = false;
    else if (!this.#open && !this.#async) this.#leave();
    if (done) this.#listener.inputEnded();
    else this.#listener.input(value);
  }

  #fail(error: unknown): void {
    this.#reading = this.#open = false;
    this.#listener.inputFailed(error);
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
