import { CreditGate, decodeThrown, drive, encodeThrown, type TaskCall } from "@quintet/core/kit";
import { notCloneable, travels } from "../codec.ts";
import {
  type ControlOrder,
  Order,
  Report,
  Wish,
  wakeUp,
  type WorkerOrder,
  type WorkerReport,
} from "../protocol.ts";
import { nextPosition, type Position, type Ring } from "../ring.ts";
import { type ArrivedInput, Mailbox } from "./mailbox.ts";
import { longNaps, RunLoop, type RunLoopOwner, shortNaps } from "./run-loop.ts";
import { loadEntry, type TaskEntry } from "./task-table.ts";
import { type ContextOwner, WorkerContext } from "./worker-context.ts";

// Kept, because a task may overwrite globals.
const { performance, Promise: NativePromise } = globalThis;

/** The worker's end of the transport. */
export interface WorkerPort {
  /** Throws when a value in it cannot travel. */
  send(report: WorkerReport): void;
  /** Takes the next message that has arrived, if there is one. Throws when it cannot be read. */
  take(): WorkerOrder | undefined;
  /** Calls back after the event loop has turned. */
  later(call: () => void): void;
  /** Ends this worker. */
  exit(): void;
}

/** How a worker runs its tasks. */
export interface TaskRunnerOptions {
  /** While there is nothing to do, block instead of listening. Default: false. */
  readonly parking?: boolean | undefined;
}

/** Runs the tasks a worker is given, one after the other. */
export class TaskRunner implements ContextOwner, RunLoopOwner {
  readonly #port: WorkerPort;
  readonly ring: Ring;
  readonly #loop: RunLoop;
  readonly #mailbox: Mailbox;
  position: Position;
  #current: WorkerContext | undefined;

  constructor(port: WorkerPort, ring: Ring, options: TaskRunnerOptions = {}) {
    this.#port = port;
    this.ring = ring;
    this.position = ring.completed;
    this.#loop = new RunLoop(this, options.parking ? longNaps : shortNaps);
    this.#mailbox = new Mailbox({ take: () => port.take(), obey: (order) => this.#obey(order) });
    port.send([Report.ready]);
  }

  /** Takes a message that arrived. */
  receive(order: WorkerOrder): void {
    this.#mailbox.receive(order);
    this.#loop.run();
  }

  /** A message arrived that cannot be read. */
  unreadable(error: unknown): void {
    this.#mailbox.unreadable(error);
    this.#loop.run();
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  catchUp(): void {
    this.#mailbox.catchUp();
  }

  later(call: () => void): void {
    this.#port.later(call);
  }

  #obey(order: ControlOrder): void {
    if (order[0] === Order.close) this.#port.exit();
    else if (this.#current?.position !== order[1]) return;
    else if (order[0] === Order.grant) this.#current.gate?.grant(order[2]);
    else {
      const reason = decodeThrown(order[2]);
      this.#current.gate?.close(reason);
      this.#current.cancel(reason);
    }
  }

  /** Starts the next run; false when a message has to come first. */
  advance(): boolean {
    const ring = this.ring;
    const position = this.position;
    const byMessage = ring.inMessage(position);
    if (byMessage && !this.#mailbox.hasInput()) return false;
    const entry = this.#mailbox.task(ring.task(position));
    if (!entry) return false;
    const arrived = byMessage ? this.#mailbox.input() : undefined;
    this.position = nextPosition(position);
    if (ring.start(position)) this.#start(position, entry, arrived);
    else this.#complete(position);
    return true;
  }

  #start(position: Position, entry: TaskEntry, arrived: ArrivedInput | undefined): void {
    const { ring } = this;
    const gate =
      ring.wishes(position) & Wish.items ? new CreditGate(ring.window(position)) : undefined;
    const ownId = arrived && "error" in arrived ? undefined : arrived?.[3];
    const number = ring.numberAt(position);
    const attempt = ring.attempt(position);
    const current = new WorkerContext(
      this,
      position,
      entry,
      number,
      ownId,
      attempt,
      gate,
      this.#loop.now,
    );
    this.#current = current;
    if (arrived && "error" in arrived) {
      const what = `The input of ${entry.id}`;
      return this.#fail(current, notCloneable(what, "input", undefined, arrived.error));
    }
    const input = arrived ? arrived[2] : ring.valueAt(position);
    if (entry.call) this.#call(current, input, entry.call);
    else {
      loadEntry(entry).then(
        (call) => {
          current.begun = performance.now();
          this.#call(current, input, call);
        },
        (thrown: unknown) => this.#fail(current, thrown),
      );
    }
  }

  #call(current: WorkerContext, input: unknown, call: TaskCall): void {
    // It may have been cancelled while its module was loaded.
    if (current.cancelled) return this.#fail(current, current.reason);
    if (this.ring.wishes(current.position) & Wish.started) {
      this.ring.run(current.position);
      this.#ringBell();
    }
    const emit = current.gate && ((item: unknown) => this.#emit(current, item));
    try {
      const returned = drive(call(input, current), current, emit);
      if (!isThenable(returned)) this.#finish(current, returned);
      else {
        NativePromise.resolve(returned).then(
          (output) => this.#finish(current, output),
          (thrown: unknown) => this.#fail(current, thrown),
        );
      }
    } catch (thrown) {
      this.#fail(current, thrown);
    }
  }

  /** Sends an item once the consumer has room for it. An item that cannot travel ends the producer. */
  #emit(current: WorkerContext, item: unknown): void | Promise<void> {
    const paused = current.gate?.take();
    if (paused) return paused.then(() => this.#sendItem(current, item));
    try {
      this.#sendItem(current, item);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  #sendItem(current: WorkerContext, item: unknown): void {
    const what = `An item of ${current.entry.id}`;
    this.#send(current, [Report.item, current.position, item], what, "item", item);
  }

  // A task that has ended may still hold its context: what it reports then is nobody's.
  progress(current: WorkerContext, value: unknown): void {
    if (this.#current !== current) return;
    const what = `A progress report of ${current.entry.id}`;
    this.#send(current, [Report.progress, current.position, value], what, "progress", value);
  }

  #finish(current: WorkerContext, output: unknown): void {
    const { position, entry } = current;
    const duration = this.#lap(current);
    // What it sent before must not be overtaken by its end.
    if (current.spoke || !this.ring.write(position, duration, output)) {
      this.ring.writeMessage(position);
      try {
        const report = [Report.done, position, duration, output] as const;
        this.#send(current, report, `The output of ${entry.id}`, "output", output);
      } catch (error) {
        return this.#fail(current, error);
      }
      return this.#endByMessage(current);
    }
    this.#end(current);
  }

  #fail(current: WorkerContext, thrown: unknown): void {
    const { position } = current;
    const duration = this.#lap(current);
    const { cancelled, reason } = current;
    // Before it is sent: whoever has read it may give the slot away at once.
    this.ring.writeMessage(position);
    if (cancelled && thrown === reason) this.#port.send([Report.cancelled, position, duration]);
    else this.#port.send([Report.failed, position, duration, encodeThrown(thrown, travels)]);
    this.#endByMessage(current);
  }

  /** How long it ran, in milliseconds. */
  #lap(current: WorkerContext): number {
    this.#loop.now = performance.now();
    return this.#loop.now - current.begun;
  }

  #end({ position }: WorkerContext): void {
    this.#current = undefined;
    this.#complete(position);
    this.#loop.run();
  }

  /** The message has woken the caller already, unless it is blocked. */
  #endByMessage({ position }: WorkerContext): void {
    this.#current = undefined;
    this.ring.complete(position);
    this.ring.alert();
    this.#loop.run();
  }

  #complete(position: Position): void {
    this.ring.complete(position);
    this.#ringBell();
  }

  #ringBell(): void {
    if (this.ring.ring()) this.#port.send(wakeUp);
  }

  #send(
    current: WorkerContext,
    report: WorkerReport,
    what: string,
    root: string,
    value: unknown,
  ): void {
    try {
      this.#port.send(report);
      current.spoke = true;
    } catch (cause) {
      throw notCloneable(what, root, value, cause);
    }
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { then?: unknown }).then === "function";
