import type { TaskOutput } from "@quintet/core";
import {
  Capture,
  decodeThrown,
  drive,
  isThenable,
  notCloneable,
  type TaskCall,
  withStores,
} from "@quintet/core/kit";
import { type ControlOrder, Order, Report, Wish, type WorkerOrder } from "../codec/protocol.ts";
import { nextPosition, type Position } from "../transport/ring-memory.ts";
import type { Ring } from "../transport/ring.ts";
import { Answers } from "./answers.ts";
import { type ArrivedInput, Mailbox } from "./mailbox.ts";
import { naps, RunLoop, type RunLoopOwner } from "./run-loop.ts";
import { RunReader } from "./run-reader.ts";
import { loadEntry } from "./task-table.ts";
import { Upkeep } from "./upkeep.ts";
import type { ContextOwner, WorkerContext } from "./worker-context.ts";
import type { WorkerPort } from "./worker-port.ts";

// Kept, because a task may overwrite globals.
const { Promise: NativePromise } = globalThis;

/** So many runs that are alike are run in a row, or until one takes so many milliseconds. */
const [mostAlike, longAlike] = [64, 0.05];

/** How a worker runs its tasks. */
export interface TaskRunnerOptions {
  /** How long it blocks when it has nothing to do, before it listens. Default: `"short"`. */
  readonly naps?: keyof typeof naps | undefined;
}

/** Runs the tasks a worker is given, one after the other. */
export class TaskRunner implements ContextOwner, RunLoopOwner {
  readonly #port: WorkerPort;
  readonly ring: Ring;
  readonly #loop: RunLoop;
  readonly #mailbox: Mailbox;
  readonly #reader: RunReader;
  readonly answers: Answers;
  readonly #upkeep: Upkeep;
  position: Position;
  #current: WorkerContext | undefined;

  constructor(port: WorkerPort, ring: Ring, options: TaskRunnerOptions = {}) {
    this.#port = port;
    this.ring = ring;
    this.position = ring.completed;
    this.#loop = new RunLoop(this, naps[options.naps ?? "short"]);
    this.#mailbox = new Mailbox({ take: () => port.take(), obey: (order) => this.#obey(order) });
    this.#reader = new RunReader(this, this.#mailbox);
    this.answers = new Answers(ring, port);
    this.#upkeep = new Upkeep(port);
    port.send([Report.ready]);
    ring.alert();
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

  /** Takes what is written to stdout or stderr, where the caller of the task asked for that; false where not. */
  takeOutput(stream: TaskOutput["stream"], chunk: string | Uint8Array): boolean {
    const current = this.#current;
    if (!current) return false;
    // Its answer goes the same way now, and cannot be there first.
    current.spoke = true;
    current.capture?.write(stream, chunk);
    return current.capture !== undefined;
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  get state(): unknown {
    return this.#upkeep.state;
  }

  pause(): void {
    this.answers.pause(this.position);
  }

  catchUp(): void {
    this.#mailbox.catchUp();
  }

  later(call: () => void): void {
    this.#port.later(call);
  }

  #obey(order: ControlOrder): void {
    if (order[0] === Order.setUp) void this.#upkeep.setUp(order);
    else if (order[0] === Order.answer) this.answers.received(order[1]);
    else if (order[0] === Order.close) {
      this.#loop.stopNapping();
      this.#upkeep.leave();
    } else if (this.#current?.position !== order[1]) return;
    else if (order[0] === Order.grant) this.#current.gate?.grant(order[2]);
    else this.#current.cancel(decodeThrown(order[2]));
  }

  /** Starts the next run, or several that end at once; false when a message has to come first. */
  advance(end: Position): boolean {
    const { position } = this;
    const call = this.#reader.callOfAlike(position);
    if (call) {
      this.#runAlike(call, end);
      return true;
    }
    const context = this.#reader.read(position);
    if (!context) return false;
    this.position = nextPosition(position);
    if (this.ring.start(position)) this.#start(context, this.#reader.wishes, this.#reader.arrived);
    else this.answers.passed(context);
    return true;
  }

  /**
   * Runs what is like the run before, and before `end`, until one takes long: going through all that other runs may
   * need would cost more than short ones do.
   */
  #runAlike(call: TaskCall, end: Position): void {
    const { ring } = this;
    const { watch } = this.#loop;
    for (let left = mostAlike; left > 0; left--) {
      const { position } = this;
      if (position === end || !ring.isAlike(position)) break;
      const current = this.#reader.readAlike(position);
      this.position = nextPosition(position);
      if (!ring.start(position)) {
        this.answers.passed(current);
        continue;
      }
      this.#current = current;
      try {
        const returned = drive(call(ring.valueAt(position), current), current);
        if (isThenable(returned)) return this.#await(current, returned);
        this.answers.done(current, watch.lapOfMany(), returned);
      } catch (thrown) {
        return this.#fail(current, thrown);
      }
      this.#current = undefined;
      if (watch.last > longAlike) break;
    }
    this.#upkeep.ended(this.#loop.watch.now);
  }

  #start(current: WorkerContext, wishes: number, arrived: ArrivedInput | undefined): void {
    const { entry, position } = current;
    this.#current = current;
    if (wishes & Wish.output)
      current.capture = new Capture((output) => this.answers.output(current, output));
    if (arrived && "error" in arrived) {
      const what = `The input of ${entry.id}`;
      return this.#fail(current, notCloneable(what, "input", undefined, arrived.error));
    }
    const input = arrived ? arrived[2] : this.ring.valueAt(position);
    if (arrived) current.carried = arrived[4];
    if (entry.call) this.#call(current, wishes, input, entry.call);
    else {
      loadEntry(entry).then(
        (call) => {
          this.#loop.watch.touch();
          // It may have been cancelled meanwhile.
          if (current.cancelled) this.#fail(current, current.reason);
          else this.#call(current, wishes, input, call);
        },
        (thrown: unknown) => this.#fail(current, thrown),
      );
    }
  }

  #call(current: WorkerContext, wishes: number, input: unknown, call: TaskCall): void {
    if (wishes & Wish.started) {
      this.ring.run(current.position);
      this.answers.ringBell(current.position);
    }
    const emit = current.gate && ((item: unknown) => this.#emit(current, item));
    try {
      const returned = current.carried
        ? withStores(current.carried, () => drive(call(input, current), current, emit))
        : drive(call(input, current), current, emit);
      if (isThenable(returned)) this.#await(current, returned);
      else this.#finish(current, returned);
    } catch (thrown) {
      this.#fail(current, thrown);
    }
  }

  #await(current: WorkerContext, returned: PromiseLike<unknown>): void {
    NativePromise.resolve(returned).then(
      (output) => this.#finish(current, output),
      (thrown: unknown) => this.#fail(current, thrown),
    );
  }

  /** Sends an item once the consumer has room for it. An item that cannot travel ends the producer. */
  #emit(current: WorkerContext, item: unknown): void | Promise<void> {
    const paused = current.gate?.take();
    if (paused) return paused.then(() => this.answers.item(current, item));
    try {
      this.answers.item(current, item);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  // A task that has ended may still hold its context: what it reports then is nobody's.
  progress(current: WorkerContext, value: unknown): void {
    if (this.#current === current) this.answers.progress(current, value);
  }

  #finish(current: WorkerContext, output: unknown): void {
    try {
      this.answers.done(current, this.#lap(current), output);
    } catch (error) {
      return this.#fail(current, error);
    }
    this.#goOn();
  }

  #fail(current: WorkerContext, thrown: unknown): void {
    this.answers.failed(current, this.#lap(current), thrown);
    this.#goOn();
  }

  /** It has ended: how long it ran, in milliseconds. */
  #lap(current: WorkerContext): number {
    current.capture?.end();
    return this.#loop.watch.lap();
  }

  #goOn(): void {
    this.#current = undefined;
    this.#upkeep.ended(this.#loop.watch.now);
    this.#loop.run();
  }
}
