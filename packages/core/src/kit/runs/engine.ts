import type { Executor } from "../../executor.ts";
import type { RunOptions, TaskOutput } from "../../run-options.ts";
import type { Traits } from "../../traits.ts";
import type { Clock } from "../clock/clock.ts";
import type { ListedRun } from "./live-tasks.ts";
import type { NameDesk, OwnDesk } from "../names/name-desk.ts";
import type { RunBatch } from "./run-batch.ts";
import type { Ending, Runnable, TaskRun } from "./task-run.ts";
import type { Travels } from "../values/not-cloneable.ts";
import type { Rules } from "../options/validate.ts";

/**
 * What makes a place: it queues accepted runs, starts them and stops them. `TaskExecutor` makes an
 * `Executor` of it. It reports each step of each run to its host, exactly one `finished` among them.
 */
export interface Engine {
  readonly traits: Traits;
  /** How many tasks a map keeps under way when its caller names no number. */
  readonly mapConcurrency: number;
  /** Workers up or starting, and lost or killed so far. */
  readonly workers: number;
  readonly restarts: number;
  /** The executor that does the work, where another one does: it counts, traces and times the runs. */
  readonly delegate?: Executor;
  /** Where its named semaphores and channels are kept, where that is not this thread. */
  openDesk?(): OwnDesk;
  /** Where values are cloned: whether one can be sent. Default: whether it survives structured clone. */
  readonly travels?: Travels | undefined;
  /** Whether runs take values of their caller's async context along, so that all runs of a map have to be in it. */
  readonly carries?: boolean;
  /** Rules of options that its runs take beside the common ones. */
  readonly runRules?: Rules<object>;
  /** The same of a map. */
  readonly mapMore?: MapMore;
  /** Called once, before anything else. */
  attach(host: EngineHost): void;
  /** Throws when this place cannot run it. */
  check(task: Runnable, options: RunOptions): void;
  /** How many more could start at once, given how many run. */
  room(running: number): number;
  /** Takes a run; may start it at once. */
  enqueue(run: TaskRun): void;
  /** Takes the runs of a batch, where it can run them in that form; false when it cannot. */
  enqueueBatch?(batch: RunBatch): boolean;
  /** Makes every run of a batch that has not ended a run of its own. */
  dissolve?(batch: RunBatch): void;
  /**
   * Takes a queued run out again: it will not start, and there is no `finished` for it.
   * False when it has just started; the engine has told so, and `stop` follows.
   */
  withdraw(run: TaskRun, reason: unknown): boolean;
  /** Asks a running task to end, and makes it where it can; `finished` comes when it has. */
  stop(run: TaskRun, reason: unknown): void;
  /** Lets the producer of a stream send more. */
  grant(run: TaskRun, credits: number): void;
  /** Every run it holds. */
  live(): Iterable<TaskRun>;
  /** Those too, but what is in batches stays there: looking changes nothing. Default: what `live` gives. */
  list?(): Iterable<ListedRun>;
  ready(): Promise<void>;
  /** Ends all workers; `kill` does not wait for tasks. Resolves when they are gone. */
  shutdown(kill: boolean): Promise<void>;
}

/** What a map takes beside the common options, for each of its runs. */
export interface MapMore {
  readonly rules: Rules<object>;
  /** Options of the run of an input; what it throws fails that run. */
  each(options: object, input: unknown): RunOptions;
}

/** Gives the desk of the names that a run means. */
export type DeskFor = (run: TaskRun) => NameDesk;

/** Whom an engine reports to. */
export interface EngineHost {
  readonly name: string;
  readonly clock: Clock;
  /** Where the named semaphores and channels are that a run means. */
  readonly deskFor: DeskFor;
  /** Only of an engine with a delegate: the queue of that one has it. */
  accepted(run: TaskRun): void;
  /** The function is about to run, or began to at a time on the host's clock. */
  started(run: TaskRun, lane: string, time?: number): void;
  /** The task reported a value. */
  progress(run: TaskRun, value: unknown): void;
  /** The task wrote something. */
  output(run: TaskRun, output: TaskOutput): void;
  /** It is back in the queue: after its worker was lost, or because it had not started there. */
  requeued(run: TaskRun, why: "retried" | "moved"): void;
  /**
   * The function has ended; also when nobody waits for it any more. It ran for so many milliseconds, where the engine
   * knows better than the host's clock.
   */
  finished(run: TaskRun, ending: Ending, duration?: number): void;
}
