import type { Traits } from "@quintet/core";
import { wakeUp, type WorkerOrder, type WorkerReport } from "../src/codec/protocol.ts";
import type { Link, LinkEvents, Transport, WorkerExit } from "../src/transport/transport.ts";
import { TaskRunner } from "../src/worker/task-runner.ts";
import type { WorkerPort } from "../src/worker/worker-port.ts";
import { firstPosition, ringAt } from "./fake-transport.ts";

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

/** Workers that run in the same thread, whose messages arrive when the test lets them. */
export class LoopTransport implements Transport {
  readonly traits = traits;
  readonly links: LoopLink[] = [];

  connect(events: LinkEvents): Link {
    const link = new LoopLink(events, `loop ${this.links.length + 1}`);
    this.links.push(link);
    return link;
  }
}

/** A real task runner behind two queues of messages. */
export class LoopLink implements Link {
  readonly label: string;
  readonly ring = ringAt(firstPosition);
  /** What the worker sends arrives at once, in the middle of whatever it does. */
  prompt = false;
  gone = false;
  /** How many bytes it says it keeps. */
  memory = 0;
  readonly #events: LinkEvents;
  readonly #toWorker: WorkerOrder[] = [];
  readonly #toCaller: WorkerReport[] = [];
  readonly #later: (() => void)[] = [];
  readonly #runner: TaskRunner;

  constructor(events: LinkEvents, label: string) {
    this.#events = events;
    this.label = label;
    // No time passes while it naps.
    this.ring.park = () => false;
    const port: WorkerPort = {
      send: (report) => {
        this.#toCaller.push(structuredClone(report));
        if (this.prompt) this.stepCaller();
      },
      take: () => this.#toWorker.shift(),
      later: (call) => void this.#later.push(call),
      memory: () => this.memory,
      exit: () => queueMicrotask(() => this.exit({ exitCode: 0 })),
    };
    this.#runner = new TaskRunner(port, this.ring);
  }

  send(order: WorkerOrder, transfer: readonly object[] = []): void {
    this.#toWorker.push(structuredClone(order, { transfer: transfer as ArrayBuffer[] }));
  }

  hold(): void {}

  kill(): void {
    queueMicrotask(() => this.exit({ exitCode: 1 }));
  }

  exit(exit: WorkerExit): void {
    if (this.gone) return;
    while (this.stepCaller());
    this.gone = true;
    // What is dead starts nothing, though it lives on in this thread.
    this.ring.start = () => false;
    this.#events.exit(exit);
  }

  /** Lets one message arrive at the worker, or its event loop turn; false when there is nothing. */
  stepWorker(): boolean {
    if (this.gone) return false;
    const later = this.#later.shift();
    if (later) later();
    else {
      const order = this.#toWorker.shift();
      if (order === undefined) return false;
      this.#runner.receive(order);
    }
    return true;
  }

  /** Lets one message arrive at the caller; false when there is none. */
  stepCaller(): boolean {
    const report = this.#toCaller.shift();
    if (report === undefined || this.gone) return false;
    this.#events.report(report);
    // As where the port is drained: what else has arrived is read before anybody is told.
    if (report === wakeUp || this.#toCaller.length === 0) this.#events.caughtUp();
    return true;
  }
}
