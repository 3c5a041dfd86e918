import { InvalidOptionError } from "@quintet/core";
import {
  type Clock,
  duration,
  type Rule,
  strings,
  typed,
  validateOptions,
  wholeNumber,
} from "@quintet/core/kit";
import { Scheduler } from "../scheduler/scheduler.ts";
import type { Transport } from "../transport/transport.ts";
import { SchedulerPool } from "./worker-pool.ts";
import { type UpkeepOptions, upkeepPlan, upkeepRules } from "./upkeep-options.ts";
import type { RosterLimits } from "../scheduler/worker-roster.ts";

/** Options that every pool has. All durations are milliseconds. */
export interface PoolOptions<Input = never, State = unknown> extends UpkeepOptions<Input, State> {
  /** For traces and messages. Default: the kind of the pool. */
  readonly name?: string | undefined;
  /** A fixed number of workers, started when first needed and kept. Instead of `workers`. */
  readonly size?: number | undefined;
  /** How many workers there may be. Default: none at first, as many as there are cores, gone after 10 s of idleness. */
  readonly workers?: Partial<RosterLimits> | undefined;
  /** How long a cancelled task may go on before its worker is stopped. Default: 1,000. */
  readonly grace?: number | undefined;
  /** How many accepted tasks may wait. Default: any number. */
  readonly maxQueue?: number | undefined;
  /** A worker is replaced after this many tasks, and up to a tenth sooner so that not all are at once. Default: never. */
  readonly tasksPerWorker?: number | undefined;
  /**
   * Names given to `registerStore` of the `AsyncLocalStorage`s whose values tasks find in theirs: those that their
   * caller has at the call. Values are copied, and each run goes by message. Default: none.
   */
  readonly carry?: readonly string[] | undefined;
  /** Longest time a worker may take to start. Default: 30,000. */
  readonly startTimeout?: number | undefined;
  /** Where time comes from, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** The rules for `PoolOptions`, to be joined with those of the pool's own options. */
export const poolRules: { readonly [Key in keyof Required<PoolOptions>]: Rule } = {
  name: typed("string"),
  size: wholeNumber(1),
  workers: typed("object"),
  grace: duration(true),
  maxQueue: wholeNumber(0, true),
  tasksPerWorker: wholeNumber(1, true),
  carry: strings,
  startTimeout: duration(),
  clock: typed("object"),
  ...upkeepRules,
};

const limitRules = { min: wholeNumber(0), max: wholeNumber(1), idle: duration(true) };

/**
 * Makes an executor of workers behind a transport. For those who build a place; users call `threads()`.
 *
 * - `kind`: the default name, also used in messages.
 * - `cores`: the default for the largest number of workers.
 *
 * *Errors*: `INVALID_OPTION`, `NOT_CLONEABLE` for `setupInput`.
 */
export function poolExecutor<Input, State>(
  kind: string,
  cores: number,
  transport: Transport,
  options: PoolOptions<Input, State>,
): SchedulerPool {
  const {
    name = kind,
    maxQueue,
    clock,
    grace = 1_000,
    startTimeout = 30_000,
    tasksPerWorker = Infinity,
    carry = [],
  } = options;
  const workers = rosterLimits(kind, cores, options);
  const upkeep = upkeepPlan(`${kind}()`, options);
  const rules = { workers, grace, startTimeout, tasksPerWorker, upkeep, carry: [...carry] };
  const engine = new Scheduler(transport, rules);
  return new SchedulerPool(engine, { name, maxQueue, clock });
}

function rosterLimits(
  kind: string,
  cores: number,
  { size, workers }: Pick<PoolOptions, "size" | "workers">,
): RosterLimits {
  if (size !== undefined && workers !== undefined) {
    throw new InvalidOptionError(`${kind}(): give either size or workers, not both.`);
  }
  if (size !== undefined) return { min: size, max: size, idle: Infinity };
  const checked = validateOptions<Partial<RosterLimits>>(`${kind}() workers`, workers, limitRules);
  const { min = 0, max = Math.max(cores, min), idle = 10_000 } = checked;
  if (min > max)
    throw new InvalidOptionError(
      `${kind}(): workers.min must not be more than workers.max, got ${min} and ${max}.`,
    );
  return { min, max, idle };
}
