import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type ResourceLimits,
  type Transferable,
  type Worker,
} from "node:worker_threads";
import type { Traits } from "@quintet/core";
import {
  Board,
  type Link,
  type LinkEvents,
  type Transport,
  type WorkerOrder,
  type WorkerReport,
} from "@quintet/pool";
import { startThread } from "./start-thread.ts";
import { StderrTail } from "./stderr-tail.ts";

/** What every thread is started with. */
export interface ThreadOptions {
  /** Limits of the heap and the stack; a task that exceeds them loses its thread. Default: those of the process. */
  readonly resourceLimits?: ResourceLimits | undefined;
  /** The threads' `process.env`. Default: a copy of the caller's. */
  readonly env?: NodeJS.Dict<string> | undefined;
  /** Appended to the threads' `process.argv`. Default: none. */
  readonly argv?: readonly string[] | undefined;
  /** Node's own options for the threads. Default: the caller's. */
  readonly execArgv?: readonly string[] | undefined;
}

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

/** Workers of `node:worker_threads`, each behind a message channel of its own, so that tasks may use `parentPort`. */
export class ThreadTransport implements Transport {
  readonly traits: Traits = traits;
  readonly #options: ThreadOptions;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  connect(events: LinkEvents): Link {
    return new ThreadLink(events, this.#options);
  }
}

class ThreadLink implements Link {
  readonly label: string;
  readonly board = new Board();
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #events: LinkEvents;
  readonly #stderr: StderrTail;
  #error: unknown;

  constructor(events: LinkEvents, options: ThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#events = events;
    this.#port = port1;
    const { resourceLimits, env, argv, execArgv } = options;
    this.#worker = startThread({
      name: "quintet",
      workerData: { port: port2, board: this.board.buffer },
      transferList: [port2],
      ...(resourceLimits && { resourceLimits }),
      ...(env && { env }),
      ...(argv && { argv: [...argv] }),
      ...(execArgv && { execArgv: [...execArgv] }),
    });
    this.label = `thread ${this.#worker.threadId}`;
    this.#stderr = new StderrTail(this.#worker.stderr);
    port1.on("message", (report: WorkerReport) => events.report(report));
    port1.on("messageerror", (error) => events.unreadable(error));
    port1.unref();
    this.#worker.on("error", (error) => (this.#error = error));
    this.#worker.on("exit", (exitCode) => this.#exit(exitCode));
  }

  send(orders: readonly WorkerOrder[], transfer?: readonly object[]): void {
    this.#port.postMessage(orders, transfer as readonly Transferable[] | undefined);
  }

  hold(held: boolean): void {
    if (held) this.#worker.ref();
    else this.#worker.unref();
  }

  kill(): void {
    void this.#worker.terminate();
  }

  // What the thread sent before it ended may still wait in the port.
  #exit(exitCode: number): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.#events.report(next.message as WorkerReport);
    }
    this.#port.close();
    this.#events.exit({ exitCode, error: this.#error, stderr: this.#stderr.text });
  }

  #next(): { readonly message: unknown } | undefined {
    try {
      return receiveMessageOnPort(this.#port);
    } catch (error) {
      this.#events.unreadable(error);
      return undefined;
    }
  }
}
