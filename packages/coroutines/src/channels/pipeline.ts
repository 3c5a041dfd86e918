import type { Selectable } from "@quintet/core";
import { channelOf, type Source } from "./channel-of.ts";
import type { Received } from "@quintet/core/kit";
import type { OwnReceiveChannel, ReceiveChannel } from "./local-channel.ts";
import { ReceiveSide } from "./receive-side.ts";
import { StageRun } from "./stage-run.ts";
import { type Stage, stage, type StageFunction } from "./stage.ts";

/** A step of a pipeline: what `stage()` makes, or a function that takes one value at a time. */
export type Step<In, Out> = Stage<In, Out> | StageFunction<In, Out>;

/**
 * Lets values go through steps that work side by side, each with a concurrency of its own, and gives the results.
 *
 * Nothing runs ahead: a step that is slow, or a consumer, holds up those before it as soon as their share of work waits.
 *
 * *Ordering*: as the values, but for stages that are not `ordered`.
 * *Cancellation*: cancelling the results, or leaving a loop over them, aborts what runs and cancels the source; what was
 * taken from the source and is not done is lost.
 * *Errors*: the first of the source or of a step, which aborts the rest; seen when all that ran has ended.
 *
 * @example
 * ```ts
 * import { pipeline, stage } from "@quintet/coroutines";
 *
 * const words = ["one", "two", "three"];
 * const length = stage(async (word: string) => word.length, { concurrency: 8 });
 * const lengths = pipeline(words, (word: string) => `${word}!`, length);
 * for await (const n of lengths) console.log(n);
 * // => 4
 * // => 4
 * // => 6
 * ```
 */
export function pipeline<A, B>(source: Source<A>, first: Step<A, B>): OwnReceiveChannel<B>;
export function pipeline<A, B, C>(
  source: Source<A>,
  first: Step<A, B>,
  second: Step<B, C>,
): OwnReceiveChannel<C>;
export function pipeline<A, B, C, D>(
  source: Source<A>,
  first: Step<A, B>,
  second: Step<B, C>,
  third: Step<C, D>,
): OwnReceiveChannel<D>;
export function pipeline<A, B, C, D, E>(
  source: Source<A>,
  first: Step<A, B>,
  second: Step<B, C>,
  third: Step<C, D>,
  fourth: Step<D, E>,
): OwnReceiveChannel<E>;
export function pipeline<T>(
  source: Source<T>,
  ...steps: readonly Step<T, T>[]
): OwnReceiveChannel<T>;
export function pipeline(
  source: Source<unknown>,
  ...steps: readonly Step<never, unknown>[]
): OwnReceiveChannel<unknown> {
  const stages = steps.map((step) => (isStage(step) ? step : stage(step)));
  return new Pipeline(channelOf(source), stages as Stage<unknown, unknown>[]);
}

const isStage = <In, Out>(step: Step<In, Out>): step is Stage<In, Out> =>
  typeof step === "object" && step !== null && typeof step.work === "function";

class Pipeline<T> extends ReceiveSide<T> {
  readonly #controller = new AbortController();
  /** The source, then the results of each stage. */
  readonly #channels: ReceiveChannel<T>[];

  constructor(source: ReceiveChannel<T>, stages: readonly Stage<T, T>[]) {
    super("pipeline");
    this.#channels = [source];
    for (const one of stages) {
      const { results } = new StageRun(this.#channels.at(-1)!, one, this.#controller);
      this.#channels.push(results);
    }
  }

  receiving(): Selectable<Received<T>> {
    return this.#channels.at(-1)!.receiving();
  }

  cancel(reason?: unknown): void {
    this.#controller.abort(reason);
    for (const one of this.#channels.toReversed()) one.cancel(reason);
  }
}
