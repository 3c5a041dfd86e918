import type { Stats } from "../../stats.ts";
import type { Clock } from "../clock/clock.ts";
import { Histogram } from "./histogram.ts";
import type { TaskRun } from "./task-run.ts";
import { isTraced, publishTrace, type TraceEvent, type TraceType } from "./trace.ts";

/** Counts and times an executor's runs, and tells the trace of each step. */
export class Tally {
  readonly #executor: string;
  readonly #clock: Clock;
  readonly #delegates: boolean;
  #queued = 0;
  #running = 0;
  #completed = 0;
  #failed = 0;
  #cancelled = 0;
  readonly #wait = new Histogram();
  readonly #run = new Histogram();

  constructor(executor: string, clock: Clock, delegates: boolean) {
    this.#executor = executor;
    this.#clock = clock;
    this.#delegates = delegates;
  }

  /** Accepted and not started. */
  get waiting(): number {
    return this.#queued;
  }

  /** Functions that run. */
  get running(): number {
    return this.#running;
  }

  /** Accepted and not ended. */
  get live(): number {
    return this.#queued + this.#running;
  }

  /** The time; nothing where another executor does the work, and measures it. */
  get now(): number {
    return this.#delegates ? 0 : this.#clock.now();
  }

  counts(): Omit<Stats, "waiting" | "workers" | "restarts"> {
    return {
      queued: this.#queued,
      running: this.#running,
      completed: this.#completed,
      failed: this.#failed,
      cancelled: this.#cancelled,
      wait: this.#wait.summary(),
      run: this.#run.summary(),
    };
  }

  queued(run: TaskRun): void {
    this.#queued++;
    this.tell("queued", run);
  }

  /** So many at once, which nobody traces. */
  queuedBatch(count: number): void {
    this.#queued += count;
  }

  /** Some of a batch ended with results, one after the other; the first one had waited for so many milliseconds. */
  completedOfBatch(waited: number, durations: Float64Array): void {
    this.#queued -= durations.length;
    this.#completed += durations.length;
    let wait = waited;
    for (const duration of durations) {
      this.#wait.record(wait);
      this.#run.record(duration);
      wait += duration;
    }
  }

  started(run: TaskRun, time: number): void {
    this.#queued--;
    this.#running++;
    this.#wait.record(time - run.since);
    this.tell("started", run);
  }

  requeued(run: TaskRun, why: "retried" | "moved"): void {
    if (run.started) {
      this.#running--;
      this.#queued++;
    }
    this.tell(why, run);
  }

  /** A function ended; `settled` when that settled the run, which otherwise was cancelled before. */
  ended(run: TaskRun, settled: boolean, ran: number): void {
    if (run.started) {
      this.#running--;
      this.#run.record(ran);
    } else this.#queued--;
    if (!settled) this.#cancelled++;
    else if (run.phase === "completed") this.#completed++;
    else this.#failed++;
    this.tell("settled", run);
  }

  /** A run was given up before its function started. */
  givenUp(run: TaskRun): void {
    if (run.enqueued) this.#queued--;
    if (run.phase === "failed") this.#failed++;
    else {
      this.#cancelled++;
      this.tell("aborted", run);
    }
    this.tell("settled", run);
  }

  tell(type: TraceType, run: TaskRun): void {
    // What another executor has been given, that one traces.
    if ((this.#delegates && run.enqueued) || !isTraced()) return;
    const event: TraceEvent = {
      type,
      executor: this.#executor,
      lane: run.lane,
      task: run.taskId,
      job: run.id,
      time: this.#clock.now(),
    };
    const { phase: state } = run;
    const ended =
      type === "settled" && (state === "completed" || state === "failed" || state === "cancelled");
    publishTrace(ended ? { ...event, outcome: state } : event);
  }
}
