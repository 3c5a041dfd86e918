import { inline, type Traits } from "@quintet/core";
import { encodeThrown, virtualClock, type VirtualClock } from "@quintet/core/kit";
import {
  type InputOrder,
  Order,
  Report,
  type UpkeepReport,
  Wish,
  wakeUp,
  type WorkerOrder,
  type WorkerReport,
} from "../src/codec/protocol.ts";
import { nextPosition, type Position } from "../src/transport/ring-memory.ts";
import { Ring } from "../src/transport/ring.ts";
import { Scheduler } from "../src/scheduler/scheduler.ts";
import type { SchedulerOptions } from "../src/scheduler/scheduler-options.ts";
import { SchedulerPool } from "../src/executor/worker-pool.ts";
import type { Link, LinkEvents, Transport, WorkerExit } from "../src/transport/transport.ts";

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
  keyed: true,
  output: true,
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
  /** New workers are distant. */
  distant = false;

  connect(events: LinkEvents): Link {
    if (this.refusal !== undefined) throw this.refusal;
    const ring = this.distant ? new DistantRing() : new Ring();
    const link = new FakeLink(events, `fake ${this.links.length + 1}`, ring);
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
  readonly position: Position;
  readonly credits: number;
  /** Ends with an output: a plain one in the ring, any other by message. */
  done(output?: unknown, duration?: number): void;
  fail(thrown: unknown): void;
  /** Ends with the reason it was cancelled with. */
  yieldToCancel(): void;
  item(item: unknown): void;
  progress(value: unknown): void;
}

/** Where rings of fake workers begin: soon, their positions wrap around. */
export const firstPosition: Position = 2 ** 31 - 4;

/** A ring whose first run goes to this position. */
export function ringAt(position: Position, ring: Ring = new Ring()): Ring {
  ring.complete(position - 1);
  ring.submit(position);
  return ring;
}

/** The ring of a worker that has to be asked for what it was shown. */
class DistantRing extends Ring {
  readonly asked: Position[] = [];

  override get isDistant(): boolean {
    return true;
  }

  override get isRecalling(): boolean {
    return this.asked.length > 0;
  }

  override revoke(position: Position): boolean {
    return ((position - this.submitted) | 0) >= 0 && super.revoke(position);
  }

  override recall(position: Position): void {
    this.asked.push(position);
  }

  /** Takes back those that were not started. */
  giveBack(): Position[] {
    return this.asked.splice(0).filter((position) => super.revoke(position));
  }
}

/** A worker, and the worker's end of its ring. */
export class FakeLink implements Link {
  readonly label: string;
  readonly ring: Ring;
  /** Each message, as it arrives on the other side. */
  readonly messages: Exclude<WorkerOrder, typeof wakeUp>[] = [];
  /** How often it was told to look at the ring. */
  wakeUps = 0;
  held = true;
  killed = false;
  dismissed = false;
  gone = false;
  /** It does not end when it is told to. */
  stubborn = false;
  /** What it says waits for `deliver()`, or its exit. */
  unread = false;
  readonly #events: LinkEvents;
  readonly #inputs: InputOrder[] = [];
  readonly #mail: WorkerReport[] = [];
  #position: Position = firstPosition;
  #running = false;

  constructor(events: LinkEvents, label: string, ring: Ring) {
    this.#events = events;
    this.label = label;
    this.ring = ringAt(firstPosition, ring);
  }

  send(sent: WorkerOrder, transfer: readonly object[] = []): void {
    const order = structuredClone(sent, { transfer: transfer as ArrayBuffer[] });
    if (order === wakeUp) {
      this.wakeUps++;
      return;
    }
    this.messages.push(order);
    if (order[0] === Order.input) this.#inputs.push(order);
    if (order[0] === Order.close) this.#leave("dismissed", { exitCode: 0 });
  }

  hold(held: boolean): void {
    this.held = held;
  }

  kill(): void {
    this.#leave("killed", { exitCode: 1 });
  }

  /** All orders of one kind that have arrived. */
  orders<Kind extends (typeof Order)[keyof typeof Order]>(
    kind: Kind,
  ): Extract<WorkerOrder, readonly [Kind, ...unknown[]]>[] {
    return this.messages.filter((order) => order[0] === kind) as never;
  }

  up(): void {
    this.#tell([Report.ready]);
  }

  /** Says something about itself. */
  report(report: UpkeepReport): void {
    this.#tell(report);
  }

  exit(exit: WorkerExit = { exitCode: 1 }): void {
    if (this.gone) return;
    this.gone = true;
    for (const report of this.#mail.splice(0)) this.#events.report(report);
    this.#events.exit(exit);
  }

  unreadable(error: unknown): void {
    this.#events.unreadable(error);
  }

  /** Lets what it said arrive, and what it says from now on arrive at once. */
  deliver(): void {
    this.unread = false;
    for (const report of this.#mail.splice(0)) this.#events.report(report);
    this.#events.caughtUp();
  }

  /** The other side looks at the ring, before any message arrives. */
  lookOnly(): void {
    this.#events.caughtUp();
  }

  /** Gives back what it was asked for and has not started. */
  giveBack(): void {
    if (this.ring instanceof DistantRing) this.#events.returned?.(this.ring.giveBack());
  }

  /** Starts the next task as a worker would, passing over what was taken back; listens when there is none. */
  start(): FakeTask | undefined {
    if (this.#running) throw new Error("It runs one task at a time.");
    const { ring } = this;
    for (;;) {
      const position = this.#position;
      if (position === ring.submitted) {
        ring.listen(position);
        return undefined;
      }
      const order = ring.inMessage(position) ? this.#inputs.shift() : undefined;
      if (ring.inMessage(position) && order?.[1] !== position)
        throw new Error(`At ${position} came the input of ${order?.[1] ?? "none"}.`);
      this.#position = nextPosition(position);
      if (ring.start(position)) return this.#task(position, order);
      this.#complete(position);
    }
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

  #task(position: Position, order: InputOrder | undefined): FakeTask {
    const { ring } = this;
    const input = order ? order[2] : ring.valueAt(position);
    const isAlike = ring.isAlike(position);
    const attempt = isAlike ? 1 : ring.attempt(position);
    const credits = isAlike ? 0 : ring.window(position);
    let spoke = false;
    const say = (report: WorkerReport): void => {
      spoke = true;
      this.#tell(report);
    };
    const end = (report: WorkerReport): void => {
      this.#running = false;
      ring.writeMessage(position);
      ring.complete(position);
      this.#tell(report);
    };
    this.#running = true;
    if (!isAlike && ring.wishes(position) & Wish.started) {
      ring.run(position);
      this.#ringBell(position, true);
    }
    return {
      input,
      attempt,
      position,
      credits,
      done: (output, duration = 0.01) => {
        if (spoke || !ring.write(position, duration, output))
          return end([Report.done, position, duration, structuredClone(output)]);
        this.#running = false;
        this.#complete(position);
      },
      fail: (thrown) => end([Report.failed, position, 0.01, encodeThrown(thrown, () => true)]),
      yieldToCancel: () => end([Report.cancelled, position, 0.01]),
      item: (item) => say([Report.item, position, item]),
      progress: (value) => say([Report.progress, position, value]),
    };
  }

  #complete(position: Position): void {
    this.ring.complete(position);
    this.#ringBell(nextPosition(position));
  }

  #ringBell(position: Position, pausing: boolean = false): void {
    if (this.ring.ring(position, pausing)) this.#tell(wakeUp);
  }

  #tell(report: WorkerReport): void {
    this.#mail.push(report);
    if (!this.unread) this.deliver();
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
  readonly pool: SchedulerPool;
  readonly transport: FakeTransport;
  readonly clock: VirtualClock;
}

/** A pool of fake workers in virtual time; 2 at most unless told. */
export function fakePool(
  options: Partial<SchedulerOptions> & {
    readonly maxQueue?: number;
    readonly distant?: boolean;
  } = {},
): FakePool {
  const transport = new FakeTransport();
  transport.distant = options.distant ?? false;
  const clock = virtualClock();
  const engine = new Scheduler(transport, {
    workers: { min: 0, max: 2, idle: 10_000 },
    grace: 1_000,
    startTimeout: 30_000,
    tasksPerWorker: Infinity,
    carry: [],
    ...options,
  });
  const pool = new SchedulerPool(engine, { name: "fake", clock, maxQueue: options.maxQueue });
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
