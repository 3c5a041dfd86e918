import { inline, type Traits } from "@quintet/core";
import { encodeThrown, TaskExecutor, virtualClock, type VirtualClock } from "@quintet/core/kit";
import { Board } from "../src/board.ts";
import {
  Order,
  Report,
  type RunOrder,
  Wish,
  type WorkerOrder,
  type WorkerReport,
} from "../src/protocol.ts";
import { Scheduler } from "../src/scheduler.ts";
import type { SchedulerOptions } from "../src/scheduler-options.ts";
import type { Link, LinkEvents, Transport, WorkerExit } from "../src/transport.ts";

const traits: Traits = {
  isolation: "thread",
  parallel: true,
  preemptive: true,
  durable: false,
  values: "clone",
  closures: false,
  inline: true,
  transfer: true,
  sharedMemory: true,
};

/** Lets everything run that is ready. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A transport whose workers do what the test says, and nothing else. */
export class FakeTransport implements Transport {
  readonly traits = traits;
  readonly links: FakeLink[] = [];
  /** Thrown instead of starting a worker. */
  refusal: unknown;
  /** New workers are up at once. */
  prompt = false;

  connect(events: LinkEvents): Link {
    if (this.refusal !== undefined) throw this.refusal;
    const link = new FakeLink(events, `fake ${this.links.length + 1}`);
    this.links.push(link);
    if (this.prompt) queueMicrotask(() => link.up());
    return link;
  }

  /** The n-th worker that was started, from 1. */
  worker(number: number): FakeLink {
    return this.links[number - 1] as FakeLink;
  }

  /** Those that have not ended. */
  get alive(): FakeLink[] {
    return this.links.filter(({ gone }) => !gone);
  }
}

/** A task that runs at a fake worker. */
export interface FakeTask {
  readonly input: unknown;
  readonly attempt: number;
  readonly slot: number;
  readonly credits: number;
  done(output?: unknown, duration?: number): void;
  fail(thrown: unknown): void;
  /** Ends with the reason it was cancelled with. */
  yieldToCancel(): void;
  item(item: unknown): void;
  progress(value: unknown): void;
}

export class FakeLink implements Link {
  readonly label: string;
  readonly board = new Board();
  /** Each message, as it arrives on the other side. */
  readonly messages: (readonly WorkerOrder[])[] = [];
  held = true;
  killed = false;
  dismissed = false;
  gone = false;
  /** It does not end when it is told to. */
  stubborn = false;
  readonly #events: LinkEvents;
  readonly #inbox: RunOrder[] = [];

  constructor(events: LinkEvents, label: string) {
    this.#events = events;
    this.label = label;
  }

  send(orders: readonly WorkerOrder[], transfer: readonly object[] = []): void {
    const received = structuredClone(orders, { transfer: transfer as ArrayBuffer[] });
    this.messages.push(received);
    for (const order of received) {
      if (order[0] === Order.run) this.#inbox.push(order);
      if (order[0] === Order.close) this.#leave("dismissed", { exitCode: 0 });
    }
  }

  hold(held: boolean): void {
    this.held = held;
  }

  kill(): void {
    this.#leave("killed", { exitCode: 1 });
  }

  /** All orders of one kind that have arrived. */
  orders<Kind extends WorkerOrder[0]>(
    kind: Kind,
  ): Extract<WorkerOrder, readonly [Kind, ...unknown[]]>[] {
    return this.messages.flat().filter((order) => order[0] === kind) as never;
  }

  up(): void {
    this.#events.report([Report.ready]);
  }

  exit(exit: WorkerExit = { exitCode: 1 }): void {
    if (this.gone) return;
    this.gone = true;
    this.#events.exit(exit);
  }

  unreadable(error: unknown): void {
    this.#events.unreadable(error);
  }

  /** Starts the next task as a worker would, passing over what was taken back. */
  start(): FakeTask | undefined {
    for (let order = this.#inbox.shift(); order; order = this.#inbox.shift()) {
      const [, slot, turnOf, , , attempt, wishes, credits, input] = order;
      if (!this.board.start(slot, turnOf)) continue;
      const report = (message: WorkerReport): void => this.#events.report(message);
      if (wishes & Wish.started) report([Report.started, slot]);
      return {
        input,
        attempt,
        slot,
        credits,
        done: (output, duration = 0.01) => report([Report.done, slot, duration, output]),
        fail: (thrown) => report([Report.failed, slot, 0.01, encodeThrown(thrown, () => true)]),
        yieldToCancel: () => report([Report.cancelled, slot, 0.01]),
        item: (item) => report([Report.item, slot, item]),
        progress: (value) => report([Report.progress, slot, value]),
      };
    }
    return undefined;
  }

  /** Runs everything it was sent; gives the inputs in the order they ran. */
  runAll(): unknown[] {
    const inputs: unknown[] = [];
    for (let task = this.start(); task; task = this.start()) {
      inputs.push(task.input);
      task.done(task.input);
    }
    return inputs;
  }

  #leave(how: "killed" | "dismissed", exit: WorkerExit): void {
    this[how] = true;
    if (!this.stubborn) queueMicrotask(() => this.exit(exit));
  }
}

/** A task; a fake worker only looks at its input. */
export const echo = inline((input: unknown): unknown => input);

/** A stream; so is this. */
export const count = inline(function* (input: unknown): Generator<number, unknown> {
  yield 0;
  return input;
});

export interface FakePool {
  readonly pool: TaskExecutor;
  readonly transport: FakeTransport;
  readonly clock: VirtualClock;
}

/** A pool of fake workers in virtual time; 2 at most unless told. */
export function fakePool(
  options: Partial<SchedulerOptions> & { readonly maxQueue?: number } = {},
): FakePool {
  const transport = new FakeTransport();
  const clock = virtualClock();
  const engine = new Scheduler(transport, {
    workers: { min: 0, max: 2, idle: 10_000 },
    grace: 1_000,
    startTimeout: 30_000,
    tasksPerWorker: Infinity,
    ...options,
  });
  const pool = new TaskExecutor({ name: "fake", engine, clock, maxQueue: options.maxQueue });
  return { pool, transport, clock };
}

/** One worker that is up and known to be quick, so that it is sent many tasks ahead. */
export async function quickWorker(
  options: Parameters<typeof fakePool>[0] = {},
): Promise<FakePool & { readonly worker: FakeLink }> {
  const fake = fakePool({ workers: { min: 0, max: 1, idle: 10_000 }, ...options });
  const first = fake.pool.run(echo, "first");
  const worker = fake.transport.worker(1);
  worker.up();
  await turn();
  worker.runAll();
  await first;
  return { ...fake, worker };
}

/** What a promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error("It did not reject.");
}
