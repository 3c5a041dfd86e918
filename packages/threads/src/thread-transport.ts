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
  type Link,
  type LinkEvents,
  Ring,
  StderrTail,
  type Transport,
  wakeUp,
  type WorkerOrder,
  type WorkerReport,
} from "@quintet/pool";
import { callersCompileCache } from "./compile-cache.ts";
import { startsWithCaller, startThread } from "./start-thread.ts";
import type { PrintReport } from "./thread-output.ts";

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
  /**
   * Makes a thread that has nothing to do block until the next task, which then starts some 5 to 50 µs sooner.
   * Meanwhile timers and sockets that tasks left behind are served every 50 ms only. Default: false.
   */
  readonly parking?: boolean | undefined;
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
  keyed: true,
  output: true,
};

/** Messages read in one go, before others have their turn. */
const mostReports = 256;

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
  readonly needsCaller: boolean = startsWithCaller();
  readonly ring = new Ring();
  readonly soon = (call: () => void): void => void setImmediate(call);
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #events: LinkEvents;
  readonly #stderr = new StderrTail();
  #heard = false;
  #error: unknown;

  constructor(events: LinkEvents, options: ThreadOptions) {
    const { port1, port2 } = new MessageChannel();
    this.#events = events;
    this.#port = port1;
    const { resourceLimits, env, argv, execArgv } = options;
    this.#worker = startThread({
      name: "quintet",
      workerData: {
        port: port2,
        ring: this.ring.buffer,
        parking: options.parking ?? false,
        compileCache: callersCompileCache(options.env),
      },
      transferList: [port2],
      ...(resourceLimits && { resourceLimits }),
      ...(env && { env }),
      ...(argv && { argv: [...argv] }),
      ...(execArgv && { execArgv: [...execArgv] }),
    });
    this.label = `thread ${this.#worker.threadId}`;
    // What comes before the bootstrap, such as what modules of `execArgv` write.
    this.#stderr.follow(this.#worker.stderr);
    port1.on("message", (report: WorkerReport | PrintReport) => this.#receive(report));
    port1.on("messageerror", (error) => events.unreadable(error));
    port1.unref();
    this.#worker.on("error", (error) => (this.#error = error));
    this.#worker.on("exit", (exitCode) => this.#exit(exitCode));
  }

  send(order: WorkerOrder, transfer?: readonly object[]): void {
    this.#port.postMessage(order, transfer as readonly Transferable[] | undefined);
  }

  hold(held: boolean): void {
    if (held) this.#worker.ref();
    else this.#worker.unref();
  }

  poll(): void {
    this.#drain(Infinity);
    this.#events.caughtUp();
    // Undocumented: it gives `true` while there is a receiver, which ignores this. The events need the event loop.
    const heard = (this.#port.postMessage(wakeUp) as unknown) === true;
    if (this.#heard && !heard) this.#exit();
    this.#heard = heard;
  }

  kill(): void {
    void this.#worker.terminate();
  }

  /** Takes what else has arrived too: as an event of its own, each message would cost several times as much. */
  #receive(report: WorkerReport | PrintReport): void {
    this.#report(report);
    this.#drain(mostReports);
    this.#events.caughtUp();
  }

  #drain(most: number): void {
    for (let count = 0; count < most; count++) if (!this.#takeNext()) return;
  }

  // What the thread sent before it ended may still wait in the port.
  #exit(exitCode?: number): void {
    this.#drain(Infinity);
    this.#port.close();
    this.#events.exit({ exitCode, error: this.#error, stderr: this.#stderr.text });
  }

  /** Takes the next message; false when there is none. */
  #takeNext(): boolean {
    let next: { readonly message: unknown } | undefined;
    try {
      next = receiveMessageOnPort(this.#port);
    } catch (error) {
      this.#events.unreadable(error);
      return true;
    }
    if (next) this.#report(next.message as WorkerReport | PrintReport);
    return next !== undefined;
  }

  #report(report: WorkerReport | PrintReport): void {
    if (typeof report === "number" || report[0] !== "print") return this.#events.report(report);
    const [, stream, chunk] = report;
    if (stream === "stderr") this.#stderr.add(chunk);
    process[stream].write(chunk);
  }
}
