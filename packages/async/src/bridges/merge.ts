import { InvalidOptionError } from "@quintet/core";
import { PushedItems } from "../pushed-items.ts";

/** Anything that can be iterated over. */
export type Source<Item> = AsyncIterable<Item> | Iterable<Item>;

/** What a source yields. */
export type SourceItem<From> = From extends Source<infer Item> ? Item : never;

/** One source of a merge: at most one of its items is asked for or waits at a time. */
class Feed<Item> {
  readonly iterator: AsyncIterator<Item> | Iterator<Item>;
  state: "idle" | "asked" | "done" = "idle";

  constructor(source: Source<Item>) {
    const iterable = Object(source) as Source<Item>; // a string has its iterator all the same
    this.iterator =
      Symbol.asyncIterator in iterable
        ? iterable[Symbol.asyncIterator]()
        : iterable[Symbol.iterator]();
  }

  /** Ends the source early. One that is asked for an item may not answer before it has one, so nobody waits for that. */
  async leave(): Promise<void> {
    if (this.state === "done") return;
    const isBusy = this.state === "asked";
    this.state = "done";
    const left = Promise.resolve(this.iterator.return?.());
    if (isBusy) left.catch(() => {});
    else await left;
  }
}

/**
 * Iterates over several sources as one, and ends when all have ended. A source is asked for its next item only when
 * somebody waits and its last one was read, so none of them runs ahead.
 *
 * *Ordering*: the order in which items come; that of each source is kept.
 * *Cancellation*: leaving the loop closes all sources; one that is busy is told so, and not waited for.
 * *Errors*: the first error of a source comes after the items before it, and closes the others. `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { merge } from "@quintet/async";
 *
 * async function* letters() {
 *   yield* ["a", "b"];
 * }
 * const all = [];
 * for await (const item of merge([letters(), [1, 2]])) all.push(item);
 * console.log(all.sort()); // => [ 1, 2, 'a', 'b' ]
 * ```
 */
export function merge<From extends Source<unknown>>(
  sources: readonly From[],
): AsyncGenerator<SourceItem<From>, undefined, void> {
  type Item = SourceItem<From>;
  let feeds: Feed<Item>[] = [];
  const closeAll = async (): Promise<void> => {
    const closed = await Promise.allSettled(feeds.map((feed) => feed.leave()));
    for (const each of closed) if (each.status === "rejected") throw each.reason;
  };
  const fail = (reason: unknown): void => {
    const end = (): void => items.end({ reason });
    closeAll().then(end, end); // the first error counts
  };
  const ask = async (feed: Feed<Item>): Promise<void> => {
    feed.state = "asked";
    try {
      const { done, value } = await feed.iterator.next();
      if (feed.state !== "asked") return;
      feed.state = done ? "done" : "idle";
      if (!done) items.push(value);
      if (feeds.every(({ state }) => state === "done")) items.end();
      else if (items.waiting > 0) pull();
    } catch (error) {
      if (feed.state !== "asked") return;
      feed.state = "done";
      fail(error);
    }
  };
  const pull = (): void => {
    for (const feed of feeds) if (feed.state === "idle") void ask(feed);
  };
  const items = new PushedItems<Item>({
    start: () => {
      try {
        sources.forEach(checkSource); // all of them before any is opened: one may lock what it reads
        feeds = (sources as readonly Source<Item>[]).map((source) => new Feed(source));
        if (feeds.length === 0) items.end();
      } catch (error) {
        items.end({ reason: error });
      }
    },
    pull,
    stop: closeAll,
  });
  return items;
}

function checkSource(source: unknown, index: number): void {
  const candidate = Object(source) as object;
  if (Symbol.asyncIterator in candidate || Symbol.iterator in candidate) return;
  throw new InvalidOptionError(`merge() takes iterables; the one at ${index} is ${typeof source}.`);
}
