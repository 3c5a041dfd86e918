import { CreditGate, decodeThrown, drive, encodeThrown, type TaskCall } from "@quintet/core/kit";
import type { Board } from "../board.ts";
import { notCloneable, travels } from "../codec.ts";
import {
  Order,
  Report,
  type RunOrder,
  Wish,
  type WorkerOrder,
  type WorkerReport,
} from "../protocol.ts";
import { TaskTable } from "./task-table.ts";
import { WorkerContext } from "./worker-context.ts";

// Kept, because a task may overwrite globals.
const { performance, Promise: NativePromise } = globalThis;

/** The worker's end of the transport. */
export interface WorkerPort {
  /** Throws when a value in it cannot travel. */
  send(report: WorkerReport): void;
  /** Ends this worker. */
  exit(): void;
}

/** The task that runs. */
interface Current {
  readonly slot: number;
  readonly taskId: string;
  readonly context: WorkerContext;
  readonly gate: CreditGate;
  /** When its function was called. */
  begun: number;
}

/** Runs the tasks a worker is sent, one after the other. */
export class TaskRunner {
  readonly #port: WorkerPort;
  readonly #board: Board;
  readonly #table = new TaskTable();
  readonly #inbox: RunOrder[] = [];
  #next = 0;
  #pumping = false;
  #current: Current | undefined;

  constructor(port: WorkerPort, board: Board) {
    this.#port = port;
    this.#board = board;
    port.send([Report.ready]);
  }

  /** Takes what arrived. */
  receive(orders: readonly WorkerOrder[]): void {
    for (const order of orders) this.#take(order);
    this.#pump();
  }

  #take(order: WorkerOrder): void {
    switch (order[0]) {
      case Order.register:
        this.#table.register(order[1], order[2], order[3]);
        return;
      case Order.run:
        this.#inbox.push(order);
        return;
      case Order.cancel:
        if (this.#current?.slot === order[1]) {
          const reason = decodeThrown(order[2]);
          this.#current.gate.close(reason);
          this.#current.context.cancel(reason);
        }
        return;
      case Order.grant:
        if (this.#current?.slot === order[1]) this.#current.gate.grant(order[2]);
        return;
      case Order.close:
        this.#port.exit();
    }
  }

  /** Starts what waits, until one has to be waited for. A loop: tasks that end at once must not nest. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#current && this.#next < this.#inbox.length) {
      const order = this.#inbox[this.#next++] as RunOrder;
      if (this.#board.start(order[1], order[2])) this.#start(order);
    }
    if (this.#next === this.#inbox.length) this.#inbox.length = this.#next = 0;
    this.#pumping = false;
  }

  #start(order: RunOrder): void {
    const [, slot, turn, number, id, attempt, , window] = order;
    const report = (value: unknown): void => this.#progress(current, value);
    const current: Current = {
      slot,
      taskId: this.#table.id(number),
      context: new WorkerContext(id, attempt, report, this.#board, slot, turn),
      gate: new CreditGate(window),
      begun: performance.now(),
    };
    this.#current = current;
    const call = this.#table.loaded(number);
    if (call) this.#call(current, order, call);
    else {
      this.#table.load(number).then(
        (loaded) => this.#call(current, order, loaded),
        (thrown: unknown) => this.#fail(current, thrown),
      );
    }
  }

  #call(current: Current, order: RunOrder, call: TaskCall): void {
    const [, slot, , , , , wishes, , input] = order;
    // It may have been cancelled while its module was loaded.
    const { context } = current;
    if (context.cancelled) return this.#fail(current, context.reason);
    if (wishes & Wish.started) this.#port.send([Report.started, slot]);
    const emit = wishes & Wish.items ? (item: unknown) => this.#emit(current, item) : undefined;
    current.begun = performance.now();
    try {
      const returned = drive(call(input, context), context, emit);
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
  #emit(current: Current, item: unknown): void | Promise<void> {
    const paused = current.gate.take();
    if (paused) return paused.then(() => this.#sendItem(current, item));
    try {
      this.#sendItem(current, item);
    } catch (error) {
      return NativePromise.reject(error);
    }
  }

  #sendItem({ slot, taskId }: Current, item: unknown): void {
    this.#send([Report.item, slot, item], `An item of ${taskId}`, "item", item);
  }

  // A task that has ended may still hold its context: what it reports then is nobody's.
  #progress(current: Current, value: unknown): void {
    if (this.#current !== current) return;
    this.#send(
      [Report.progress, current.slot, value],
      `A progress report of ${current.taskId}`,
      "progress",
      value,
    );
  }

  #finish(current: Current, output: unknown): void {
    const duration = performance.now() - current.begun;
    try {
      this.#send(
        [Report.done, current.slot, duration, output],
        `The output of ${current.taskId}`,
        "output",
        output,
      );
    } catch (error) {
      this.#fail(current, error);
      return;
    }
    this.#end();
  }

  #fail(current: Current, thrown: unknown): void {
    const duration = performance.now() - current.begun;
    const { cancelled, reason } = current.context;
    if (cancelled && thrown === reason) this.#port.send([Report.cancelled, current.slot, duration]);
    else this.#port.send([Report.failed, current.slot, duration, encodeThrown(thrown, travels)]);
    this.#end();
  }

  #end(): void {
    this.#current = undefined;
    this.#pump();
  }

  #send(report: WorkerReport, what: string, root: string, value: unknown): void {
    try {
      this.#port.send(report);
    } catch (cause) {
      throw notCloneable(what, root, value, cause);
    }
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as { then?: unknown }).then === "function";
