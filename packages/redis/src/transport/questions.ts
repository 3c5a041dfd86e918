import { systemClock } from "@quintet/core/kit";
import { UnreachableError } from "../queue-errors.ts";

/** Questions to Redis that somebody waits for, each for so long at most. */
export class Questions {
  readonly #patience: number;
  readonly #owner: { readonly trouble?: Error | undefined };
  readonly #onChange: () => void;
  readonly #open = new Set<PromiseWithResolvers<never>>();

  /**
   * - `patience`: milliseconds.
   * - `owner`: knows why Redis is out of reach, where anybody does.
   * - `onChange`: is told when there are more or fewer.
   */
  constructor(
    patience: number,
    owner: { readonly trouble?: Error | undefined },
    onChange: () => void,
  ) {
    this.#patience = patience;
    this.#owner = owner;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#open.size;
  }

  /** *Errors*: `UNREACHABLE` where there is no answer in time, and those of the question. */
  async during<T>(question: () => Promise<T>): Promise<T> {
    const given = Promise.withResolvers<never>();
    const timer = systemClock.after(this.#patience, () => {
      const cause = this.#owner.trouble;
      const why = cause ? `: ${cause.message}` : "; is it up?";
      const message = `Redis has not answered within ${this.#patience} ms (sendTimeout)${why}`;
      given.reject(new UnreachableError(message, cause && { cause }));
    });
    this.#open.add(given);
    this.#onChange();
    try {
      return await Promise.race([question(), given.promise]);
    } finally {
      timer.cancel();
      this.#open.delete(given);
      this.#onChange();
    }
  }

  /** Nobody gets an answer any more. */
  refuse(cause: Error): void {
    for (const { reject } of this.#open) {
      reject(new UnreachableError(`Redis refuses to answer: ${cause.message}`, { cause }));
    }
  }
}
