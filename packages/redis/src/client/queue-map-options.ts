import { InvalidOptionError, type MapOptions, type RunOptions } from "@quintet/core";
import { type MapMore, matching, type Rules } from "@quintet/core/kit";
import { type QueueOptions, queueRules } from "./queue-run-options.ts";

/**
 * Options of a queue's `map`. Those of a queue are for each of its tasks, and count from when that is sent, which is when
 * there is room for it.
 */
export interface QueueMapOptions<Input = unknown> extends MapOptions, QueueOptions {
  /**
   * Makes an id of each input. A task whose id was sent before does not run again but gives that result, so that a map
   * which broke off goes on where it was. Default: tasks without ids.
   */
  readonly id?: ((input: Input) => string) | undefined;
}

const rules: Rules<QueueOptions & Pick<QueueMapOptions, "id">> = {
  ...queueRules,
  id: matching("a function that makes an id of an input", (value) => typeof value === "function"),
};

/** What a map over a queue takes beside the common options, and what its tasks get of it. */
export const queueMap: MapMore = {
  rules,
  each(options, input) {
    const { id, ...rest } = options as Omit<RunOptions, "id"> & Pick<QueueMapOptions, "id">;
    if (!id) return options;
    const made: unknown = id(input);
    if (typeof made === "string") return { ...rest, id: made };
    throw new InvalidOptionError(`id must make a string of each input, got ${typeof made}.`);
  },
};
