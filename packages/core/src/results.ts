/** How one task of a map ended. */
export type Outcome<Output> =
  | { readonly status: "fulfilled"; readonly index: number; readonly value: Output }
  | { readonly status: "rejected"; readonly index: number; readonly reason: unknown };

/** The results of a map: read them once, in a loop or all together. */
export interface Results<Output> extends AsyncIterable<Output, undefined, void> {
  /** Starts the map. *Errors*: `RESULTS_CONSUMED` the second time. */
  [Symbol.asyncIterator](): AsyncIterator<Output, undefined, void>;
  /** Runs the whole map and gives all results; do not use it on endless inputs. */
  toArray(): Promise<Output[]>;
}
