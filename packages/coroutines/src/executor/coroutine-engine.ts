import { isTask, type Task, type Traits } from "@quintet/core";
import {
  CreditGate,
  drive,
  type Ending,
  type Engine,
  type EngineHost,
  isSyncGenerator,
  keepContext,
  loadTask,
  type RunContext,
  type Runnable,
  type TaskCall,
  type TaskRun,
  WaitList,
  type WaitNode,
  waitWatch,
  HostedContext,
} from "@quintet/core/kit";
import { Routine, type RoutineOwner } from "../scheduling/routine.ts";
import type { Scheduler } from "../scheduling/scheduler.ts";

/** What the engine keeps with a run, which is the owner of its routine. */
class Place implements RoutineOwner {
  readonly emit: ((item: unknown) => void | PromiseLike<void>) | undefined;
  readonly credits: CreditGate | undefined;
  /** Its place in the queue, while it waits there. */
  queued: WaitNode<() => void> | undefined;
  context: RunContext | undefined;
  routine: Routine | undefined;
  readonly #engine: CoroutineEngine;
  readonly #run: TaskRun;

  constructor(engine: CoroutineEngine, run: TaskRun) {
    this.#engine = engine;
    this.#run = run;
    const { items } = run;
    if (!items) return;
    const credits = new CreditGate(items.window);
    this.credits = credits;
    // No further ahead than its consumer wants.
    this.emit = (item) => {
      const paused = credits.take();
      if (!paused) return items.push(item);
      return paused.then(() => items.push(item));
    };
  }

  ended(ending: Ending): void {
    this.#engine.ended(this.#run, ending);
  }
}

const traits: Traits = {
  isolation: "none",
  parallel: false,
  preemptive: false,
  durable: false,
  values: "reference",
  closures: true,
  inline: true,
  transfer: true,
  sharedMemory: true,
  keyed: false,
  output: false,
};

/** How many tasks a map keeps under way where nothing limits them. */
const unlimitedMap = 64;

/** Runs tasks here: generators a step at a time, in turns; all others as they are. */
export class CoroutineEngine implements Engine {
  readonly traits: Traits = traits;
  readonly mapConcurrency: number;
  readonly workers = 0;
  readonly restarts = 0;
  readonly #concurrency: number;
  readonly #scheduler: Scheduler;
  readonly #queue = new WaitList<() => void>();
  readonly #live = new Set<TaskRun>();
  readonly #loaded = new WeakMap<Runnable, TaskCall>();
  #running = 0;
  /** Whether the loop that starts tasks is under way, and whether it goes on in the next turn. */
  #isStarting = false;
  #isWaiting = false;
  #host!: EngineHost;

  constructor(concurrency: number, scheduler: Scheduler) {
    this.#concurrency = concurrency;
    this.mapConcurrency = Math.min(concurrency, unlimitedMap);
    this.#scheduler = scheduler;
  }

  attach(host: EngineHost): void {
    this.#host = host;
  }

  check(): void {}

  room(): number {
    return this.#concurrency - this.#running;
  }

  enqueue(run: TaskRun): void {
    const place = new Place(this, run);
    run.place = place;
    this.#live.add(run);
    if (this.#mayStart()) {
      this.#isStarting = true;
      this.#start(run, place);
      this.#isStarting = false;
    } else {
      const start = keepContext(() => this.#start(run, place));
      place.queued = this.#queue.join(start, run.priority);
    }
    this.#startNext();
  }

  withdraw(run: TaskRun): boolean {
    const { queued } = run.place as Place;
    if (!queued || !this.#queue.leave(queued)) return false;
    this.#live.delete(run);
    return true;
  }

  stop(run: TaskRun, reason: unknown): void {
    const { credits, context, routine } = run.place as Place;
    credits?.close(reason);
    context?.cancel(reason);
    routine?.cancel(reason);
  }

  grant(run: TaskRun, credits: number): void {
    (run.place as Place).credits?.grant(credits);
  }

  live(): Iterable<TaskRun> {
    return this.#live;
  }

  async ready(): Promise<void> {}

  async shutdown(): Promise<void> {}

  // Callers who start one task after the other, each as soon as the last one is done, must not starve timers.
  #mayStart(): boolean {
    const isFree = this.#queue.size === 0 && this.#running < this.#concurrency;
    return isFree && !this.#isStarting && !this.#scheduler.slice.spend();
  }

  /** Starts what may start. One that ends at once, or starts others, does not start a further loop. */
  #startNext = (): void => {
    if (this.#isStarting) return;
    this.#isStarting = true;
    const { slice } = this.#scheduler;
    while (this.#queue.size > 0 && this.#running < this.#concurrency && !this.#isWaiting) {
      if (slice.spend()) {
        this.#isWaiting = true;
        slice.next(this.#startInNextTurn);
      } else this.#queue.take()?.();
    }
    this.#isStarting = false;
  };

  #startInNextTurn = (): void => {
    this.#isWaiting = false;
    this.#startNext();
  };

  #start(run: TaskRun, place: Place): void {
    place.queued = undefined;
    this.#running++;
    const context = new HostedContext(run, this.#host);
    place.context = context;
    this.#host.started(run, this.#host.name);
    const watch = waitWatch.current;
    if (!watch) this.#begin(run, place, context);
    else watch.runAs(`${run.taskId} (${run.id})`, () => this.#begin(run, place, context));
  }

  #begin(run: TaskRun, place: Place, context: RunContext): void {
    if (needsLoading(run.task)) void this.#loadAndCall(run, place, context, run.task);
    else this.#call(run, place, context, run.task as TaskCall);
  }

  async #loadAndCall(
    run: TaskRun,
    place: Place,
    context: RunContext,
    task: Task<never, unknown>,
  ): Promise<void> {
    try {
      this.#call(run, place, context, await this.#load(task));
    } catch (value) {
      this.ended(run, { ok: false, value });
    }
  }

  /** A routine tells its place when it has ended, others tell by their promise; nobody ends before this returns. */
  #call(run: TaskRun, place: Place, context: RunContext, call: TaskCall): void {
    let returned: unknown;
    try {
      if (context.cancelled) throw context.reason;
      returned = call(run.input, context);
    } catch (error) {
      returned = Promise.reject(error);
    }
    if (!isSyncGenerator(returned)) return void this.#await(run, place, context, returned);
    const routine = new Routine(returned, this.#scheduler, run.priority, place);
    place.routine = routine;
    // It may have been cancelled by what the function called first.
    if (context.cancelled) routine.cancel(context.reason);
    routine.start();
  }

  async #await(run: TaskRun, place: Place, context: RunContext, returned: unknown): Promise<void> {
    let ending: Ending;
    try {
      ending = { ok: true, value: await drive(returned, context, place.emit) };
    } catch (value) {
      ending = { ok: false, value };
    }
    this.ended(run, ending);
  }

  /** The slot is free only now, whether or not somebody still waited for the run. */
  ended(run: TaskRun, ending: Ending): void {
    this.#running--;
    (run.place as Place).context?.end();
    this.#live.delete(run);
    this.#host.finished(run, ending);
    this.#startNext();
  }

  // What failed is not kept: each run gets an error of its own.
  async #load(task: Task<never, unknown>): Promise<TaskCall> {
    const call = this.#loaded.get(task) ?? (await loadTask(task.id, task.origin));
    this.#loaded.set(task, call);
    return call;
  }
}

/** A task of a module that was never imported here. */
function needsLoading(task: Runnable): task is Task<never, unknown> {
  return isTask(task) && task.origin.kind === "export";
}
