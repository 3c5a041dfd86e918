import type { ChannelOptions } from "../../channel.ts";
import type { Executor, Inputs } from "../../executor.ts";
import type { Job } from "../../job.ts";
import type { LiveTask } from "../../live-task.ts";
import type { NamedChannel } from "../../named-channel.ts";
import type { NamedSemaphore } from "../../named-semaphore.ts";
import type { Policy } from "../../policy.ts";
import type { Outcome, Results } from "../../results.ts";
import type { CloseOptions, MapOptions, RunOptions, StreamOptions } from "../../run-options.ts";
import type { Stats } from "../../stats.ts";
import type { StreamTask, Task } from "../../task.ts";
import type { Traits } from "../../traits.ts";
import type { Clock } from "../clock/clock.ts";
import { keepContext } from "../async-context.ts";
import { type LaunchRequest, taskOptions } from "./checked-options.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Engine } from "./engine.ts";
import { type ItemSink, ItemStream } from "./item-stream.ts";
import type { MapHost } from "../map/map-host.ts";
import { MapResults } from "../map/map-results.ts";
import { closeRules, mapRules } from "../options/option-rules.ts";
import { LocalDesk } from "../names/local-desk.ts";
import { deskOf, type NameDesk, type OwnDesk } from "../names/name-desk.ts";
import { refusingDesk } from "../names/refusing-desk.ts";
import { ownChannel, ownSemaphore } from "../names/own-names.ts";
import { PolicyEngine } from "../policies/policy-engine.ts";
import type { PolicyHost } from "../policies/policy-host.ts";
import { copier } from "../names/copier.ts";
import { closed, closedNames } from "../errors/refusals.ts";
import { systemClock } from "../clock/system-clock.ts";
import type { Ending, TaskRun } from "./task-run.ts";
import { validateOptions } from "../options/validate.ts";

/** What an executor is made of. */
export interface TaskExecutorOptions {
  readonly name: string;
  readonly engine: Engine;
  /** How many accepted tasks may wait. Default: any number. */
  readonly maxQueue?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Makes an executor of an engine: the public face, the same for every place. */
export class TaskExecutor implements PolicyHost {
  readonly name: string;
  readonly traits: Traits;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher;
  #desk: OwnDesk | undefined;
  #closed: Promise<void> | undefined;

  constructor({ name, engine, maxQueue = Infinity, clock = systemClock }: TaskExecutorOptions) {
    this.name = name;
    this.traits = Object.freeze({ ...engine.traits });
    this.#engine = engine;
    this.#clock = clock;
    this.#dispatcher = new Dispatcher(name, engine, maxQueue, clock, (run) => this.#deskFor(run));
  }

  run<Input, Output>(
    task: Task<Input, Output>,
    input?: Input,
    options?: RunOptions,
  ): Promise<Output> {
    return this.#dispatcher.launch({ method: "run", task, input, options })
      .result as Promise<Output>;
  }

  submit<Input, Output>(
    task: Task<Input, Output>,
    input?: Input,
    options?: RunOptions,
  ): Job<Output> {
    return this.#dispatcher.launch({ method: "submit", task, input, options }) as Job<Output>;
  }

  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<Input>,
    options: MapOptions & { readonly settle: true },
  ): Results<Outcome<Output>>;
  map<Input, Output>(
    task: Task<Input, Output>,
    inputs: Inputs<Input>,
    options?: MapOptions,
  ): Results<Output>;
  map<Input>(
    task: Task<Input, unknown>,
    inputs: Inputs<Input>,
    options?: MapOptions,
  ): Results<unknown> {
    const engine = this.#engine;
    const launch: MapHost["launch"] = (input, runOptions, onSettled) =>
      this.#dispatcher.launch({ method: "map", task, input, options: runOptions, onSettled });
    const rules = engine.mapMore ? { ...mapRules, ...engine.mapMore.rules } : mapRules;
    return new MapResults(inputs, () => validateOptions(`${this.name}.map`, options, rules), {
      clock: this.#clock,
      taskOptions: (checked) => taskOptions(checked, engine.mapMore),
      get concurrency() {
        return engine.mapConcurrency;
      },
      launchBatch: (request) => this.#dispatcher.launchBatch({ task, ...request }),
      dissolve: (batch) => engine.dissolve?.(batch),
      // Later runs are launched by whatever ends an earlier one.
      launch: engine.carries ? keepContext(launch) : launch,
    });
  }

  stream<Input, Output, Item>(
    task: StreamTask<Input, Output, Item>,
    input?: Input,
    options?: StreamOptions,
  ): AsyncGenerator<Item, Output, void> {
    const source = {
      start: (items: ItemSink, onSettled: (ending: Ending) => void): TaskRun =>
        this.#dispatcher.launch({ method: "stream", task, input, options, items, onSettled }),
      grant: (run: TaskRun, credits: number): void => this.#engine.grant(run, credits),
    };
    return new ItemStream(source, options?.window ?? 16) as unknown as AsyncGenerator<
      Item,
      Output,
      void
    >;
  }

  semaphore(name: string, permits?: number): NamedSemaphore {
    const { delegate } = this.#engine;
    if (delegate) return delegate.semaphore(name, permits);
    return ownSemaphore(this.#ownDesk, name, permits);
  }

  channel<T = unknown>(name: string, options?: ChannelOptions): NamedChannel<T> {
    const { delegate, traits, travels } = this.#engine;
    if (delegate) return delegate.channel<T>(name, options);
    return ownChannel<T>(
      this.#ownDesk,
      name,
      options,
      traits.values === "clone" ? copier(travels) : undefined,
    );
  }

  /** Where its named semaphores and channels are; nothing where the executor inside knows and does not say. */
  get desk(): NameDesk | undefined {
    const { delegate } = this.#engine;
    return delegate ? deskOf(delegate) : this.#ownDesk;
  }

  tasks(): readonly LiveTask[] {
    return this.#engine.delegate?.tasks() ?? this.#dispatcher.tasks();
  }

  stats(): Stats {
    return this.#engine.delegate?.stats() ?? this.#dispatcher.stats();
  }

  async ready(): Promise<void> {
    if (this.#closed) throw closed(this.name);
    await this.#engine.ready();
  }

  async close(options?: CloseOptions): Promise<void> {
    const { cancel, deadline } = validateOptions(`${this.name}.close`, options, closeRules);
    this.#closed ??= this.#dispatcher.drain().then(() => this.#shutDown());
    if (cancel) this.#cancelAll();
    if (deadline === undefined) return this.#closed;
    const timer = this.#clock.after(deadline, () => this.#force());
    return this.#closed.finally(() => timer.cancel());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether its runs take values of their caller's async context along. */
  get carries(): boolean {
    return this.#engine.carries ?? false;
  }

  underPolicy(policy: Policy): Executor {
    const engine = new PolicyEngine(this, policy);
    return new TaskExecutor({ name: this.name, engine, clock: this.#clock });
  }

  /** Starts a run, for what an executor offers beside the common calls. */
  protected launch(request: LaunchRequest): TaskRun {
    return this.#dispatcher.launch(request);
  }

  /** Named semaphores and channels are there until the last task has ended. */
  #shutDown(): Promise<void> {
    this.#closeDesk();
    return this.#engine.shutdown(false);
  }

  #closeDesk(): void {
    if (!this.#engine.delegate) this.#ownDesk.close(closedNames(this.name));
  }

  get #ownDesk(): OwnDesk {
    const { isolation } = this.traits;
    const keep = (): OwnDesk =>
      isolation === "machine" ? refusingDesk(this.name) : new LocalDesk(this.#clock);
    return (this.#desk ??= this.#engine.openDesk?.() ?? keep());
  }

  // An option that names none was refused before.
  #deskFor({ options }: TaskRun): NameDesk {
    return deskOf(options.names) ?? this.#ownDesk;
  }

  #cancelAll(): void {
    this.#dispatcher.cancelAll();
    this.#engine.delegate?.close({ cancel: true }).catch(() => {}); // closing it once more says so again
  }

  /** The deadline of a close has passed: nothing is waited for any more. */
  #force(): void {
    this.#dispatcher.cancelAll();
    this.#closeDesk();
    const abandon = (): void => this.#dispatcher.abandon();
    // Whether or not it failed: close() shuts the engine down once more and tells what that says.
    void this.#engine.shutdown(true).then(abandon, abandon);
  }
}
