import { InvalidOptionError, notReady } from "@quintet/core";
import { runRules, typed, validateOptions } from "@quintet/core/kit";
import { breathWith } from "../channels/breath.ts";
import { type Arms, type EnabledArms, enabledArms, type Selected } from "./arms.ts";
import { Selection, type Winner } from "./selection.ts";

/** Options of `trySelect`. */
export interface TrySelectOptions {
  /** The first ready arm wins, in the order they are written. Default: false, each ready arm has the same chance. */
  readonly biased?: boolean | undefined;
}

/** Options of `select`. */
export interface SelectOptions<Default = never> extends TrySelectOptions {
  /** Stops waiting; nothing is lost. */
  readonly signal?: AbortSignal | undefined;
  /** Wins, as the arm `default`, when no other is ready at this instant, so that nothing is waited for. */
  readonly default?: Default;
}

/** The default arm, where there is one. */
export type SelectedDefault<Default> = [Default] extends [never]
  ? never
  : { readonly arm: "default"; readonly value: Default };

const tryRules = { biased: typed("boolean") };
const noOptions: SelectOptions<unknown> = {};
const rules = { ...tryRules, signal: runRules.signal, default: () => undefined };

/**
 * Waits for several things at once and does exactly one: receives, sends, acquires, or sees a time pass, a signal
 * abort, a task settle. Arms that are `false`, `null` or `undefined` take no part.
 *
 * Gives which `arm` has won, and its `value`; for TypeScript, the one tells the other.
 * Of several ready arms each has the same chance, or with `biased` the first wins.
 *
 * *Cancellation*: an arm that has not won has received nothing, sent nothing, taken nothing, and waits no more.
 * *Errors*: that of the arm which failed, such as `CHANNEL_CLOSED` of one that sends; `INVALID_OPTION`, also when
 * every arm is disabled and there is no default, as nothing could ever end that.
 * *Cost*: O(arms). Arms of `receiving()` can be made once and used again.
 *
 * @example
 * ```ts
 * import { after, channel, select } from "@quintet/coroutines";
 *
 * const words = channel<string>();
 * const arms = { word: words.receiving(), late: after(1_000) };
 * void words.send("hello");
 * const won = await select(arms);
 * if (won.arm === "word") console.log(won.value.value); // => hello
 * ```
 *
 * The rules are those of Go's `select`; the order in which arms are asked is a shuffle as by Fisher and Yates.
 */
export function select<const A extends Arms, Default = never>(
  arms: A,
  options?: SelectOptions<Default>,
): Promise<Selected<A> | SelectedDefault<Default>>;
export function select(arms: Arms, options?: SelectOptions<unknown>): Promise<Winner> {
  try {
    const { biased = false, signal } = options
      ? validateOptions<SelectOptions<unknown>>("select", options, rules)
      : noOptions;
    const enabled = enabledArms(arms);
    signal?.throwIfAborted();
    const winner = pollArms(enabled, biased);
    if (winner) return breathWith(winner);
    if (options && Object.hasOwn(options, "default")) {
      return breathWith({ arm: "default", value: options.default });
    }
    if (enabled.names.length === 0) throw nothingToWaitFor();
    return new Selection(enabled, signal).promise;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Does what is ready now, or nothing: a `select` that does not wait. Gives `undefined` when no arm is ready.
 *
 * *Errors*: as of `select`, thrown.
 *
 * @example
 * ```ts
 * import { channel, trySelect } from "@quintet/coroutines";
 *
 * const words = channel<string>({ capacity: 1 });
 * console.log(trySelect({ word: words.receiving() })); // => undefined
 * words.trySend("hello");
 * console.log(trySelect({ word: words.receiving() })?.value.value); // => hello
 * ```
 */
export function trySelect<const A extends Arms>(
  arms: A,
  options?: TrySelectOptions,
): Selected<A> | undefined;
export function trySelect(arms: Arms, options?: TrySelectOptions): Winner | undefined {
  const { biased = false } = validateOptions<TrySelectOptions>("trySelect", options, tryRules);
  return pollArms(enabledArms(arms), biased);
}

/** Asks each arm until one is ready. Not a random start alone, which favours an arm behind others that are not ready. */
function pollArms({ names, selectables }: EnabledArms, biased: boolean): Winner | undefined {
  for (let first = 0; first < names.length; first++) {
    if (!biased) swap(names, selectables, first);
    const value = selectables[first]!.poll();
    if (value !== notReady) return { arm: names[first]!, value };
  }
  return undefined;
}

/** Lets one of those that were not asked yet be the next. */
function swap(names: (string | number)[], selectables: unknown[], first: number): void {
  const other = first + Math.floor(Math.random() * (names.length - first));
  if (other === first) return;
  const name = names[first]!;
  const selectable = selectables[first];
  names[first] = names[other]!;
  selectables[first] = selectables[other];
  names[other] = name;
  selectables[other] = selectable;
}

const nothingToWaitFor = (): InvalidOptionError =>
  new InvalidOptionError(
    "select: no arm is enabled, so it would wait for ever. Enable one, or give a default.",
  );
