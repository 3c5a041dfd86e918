import { ResultsConsumedError } from "../../errors.ts";
import type { Inputs } from "../../executor.ts";
import type { Results } from "../../results.ts";
import type { MapOptions } from "../../run-options.ts";
import type { MapHost } from "./map-host.ts";
import { MapIteration } from "./map-iteration.ts";

/** The results of a map, which starts when they are read, and can be read once. */
export class MapResults implements Results<unknown> {
  readonly #iterate: () => MapIteration;
  #consumed = false;

  /** `options` is called when the reading starts; what it throws ends the iteration. */
  constructor(inputs: Inputs<unknown>, options: () => MapOptions, host: MapHost) {
    this.#iterate = () => new MapIteration(inputs, options, host);
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown, undefined, void> {
    return this.#begin();
  }

  async toArray(): Promise<unknown[]> {
    return this.#begin().collect();
  }

  #begin(): MapIteration {
    if (this.#consumed) {
      throw new ResultsConsumedError(
        "The results of this map were read before; call map() again, or keep toArray().",
      );
    }
    this.#consumed = true;
    return this.#iterate();
  }
}
