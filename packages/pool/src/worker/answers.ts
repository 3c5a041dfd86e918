import { isMoved, type TaskOutput } from "@quintet/core";
import {
  encodeThrown,
  type NameAnswer,
  notCloneable,
  type Post,
  RemoteAsks,
  RemoteDesk,
  type RunContext,
  RunNames,
  travels,
  type Travels,
} from "@quintet/core/kit";
import { Report, wakeUp, type WorkerReport } from "../codec/protocol.ts";
import { nextPosition, type Position } from "../transport/ring-memory.ts";
import type { Ring } from "../transport/ring.ts";
import type { WorkerPort } from "./worker-port.ts";
import type { WorkerContext } from "./worker-context.ts";

/** Tells the caller what a task has to say: in its slot where that is the end and fits, else by message. */
export class Answers {
  readonly #ring: Ring;
  readonly #post: (report: WorkerReport, transfer?: readonly object[]) => void;
  readonly #travels: Travels;
  readonly #asks = new RemoteAsks();

  constructor(ring: Ring, port: Pick<WorkerPort, "send" | "travels">) {
    this.#ring = ring;
    this.#post = (report, transfer) => port.send(report, transfer);
    this.#travels = port.travels ?? travels;
  }

  /** *Errors*: `NOT_CLONEABLE`. */
  item(context: WorkerContext, item: unknown): void {
    const what = `An item of ${context.entry.id}`;
    const value = isMoved(item) ? item.value : item;
    this.#send(context, [Report.item, context.position, value], what, "item", item);
  }

  /** *Errors*: `NOT_CLONEABLE`. */
  progress(context: WorkerContext, value: unknown): void {
    const what = `A progress report of ${context.entry.id}`;
    this.#send(context, [Report.progress, context.position, value], what, "progress", value);
  }

  /** What it asks about names. */
  names(context: WorkerContext, run: RunContext): RunNames {
    const post: Post = (number, request, value) => {
      const report = [Report.ask, context.position, number, request] as const;
      this.#send(context, report, "A value for a channel", "value", value);
    };
    return new RunNames(new RemoteDesk(this.#asks, post, this.#travels), run);
  }

  /** What it asked is answered. */
  received(answer: NameAnswer): void {
    this.#asks.receive(answer);
  }

  output(context: WorkerContext, output: TaskOutput): void {
    context.spoke = true;
    this.#post([Report.output, context.position, output]);
  }

  /** The result. *Errors*: `NOT_CLONEABLE`; it is not answered then. */
  done(context: WorkerContext, duration: number, output: unknown): void {
    const { position, spoke } = context;
    if (spoke) context.end();
    // What it sent before must not be overtaken by its end.
    if (!spoke && this.#ring.write(position, duration, output)) return this.passed(context);
    // Before it is sent: whoever has read it may give the slot away at once.
    this.#ring.writeMessage(position);
    const value = isMoved(output) ? output.value : output;
    const report = [Report.done, position, duration, value] as const;
    this.#send(context, report, `The output of ${context.entry.id}`, "output", output);
    this.#completeByMessage(context);
  }

  /** What it threw, or that it ended with the reason it was cancelled with. */
  failed(context: WorkerContext, duration: number, thrown: unknown): void {
    const { position, cancelled, reason } = context;
    context.end();
    this.#ring.writeMessage(position);
    if (cancelled && thrown === reason) this.#post([Report.cancelled, position, duration]);
    else {
      try {
        this.#post([Report.failed, position, duration, encodeThrown(thrown, this.#travels)]);
      } catch (cause) {
        // It travelled when that was tried, and does not now: something in it changes when it is looked at.
        const error = notCloneable(
          `What ${context.entry.id} threw`,
          "thrown",
          thrown,
          cause,
          this.#travels,
        );
        this.#post([Report.failed, position, duration, encodeThrown(error, () => false)]);
      }
    }
    this.#completeByMessage(context);
  }

  /** The ring goes on past a position. */
  passed({ position }: { readonly position: number }): void {
    this.#ring.complete(position);
    if (this.#ring.ring(nextPosition(position))) this.#post(wakeUp);
  }

  /** Makes the caller look at the ring. */
  ringBell(position: Position): void {
    if (this.#ring.ring(position, true)) this.#post(wakeUp);
  }

  /** Nothing is completed for a while after what was before a position: that is not to wait for more. */
  pause(position: Position): void {
    if (this.#ring.unheard) this.ringBell(position);
  }

  /** The message has woken the caller already, unless it is blocked. */
  #completeByMessage({ position }: WorkerContext): void {
    this.#ring.complete(position);
    this.#ring.alert();
  }

  #send(
    context: WorkerContext,
    report: WorkerReport,
    what: string,
    root: string,
    value: unknown,
  ): void {
    try {
      this.#post(report, isMoved(value) ? value.transfer : undefined);
      context.spoke = true;
    } catch (cause) {
      throw notCloneable(what, root, isMoved(value) ? value.value : value, cause, this.#travels);
    }
  }
}
