import type { Writable } from "node:stream";
import { systemClock, type Travels } from "@quintet/core/kit";
import {
  type Link,
  type LinkEvents,
  type Position,
  StderrTail,
  type WorkerOrder,
  type WorkerReport,
} from "@quintet/pool";
import { CallerRing } from "./caller-ring.ts";
import { endGroup } from "./end-group.ts";
import { isEnding } from "./ending.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "./frames.ts";
import { closePipes, holdProcess, type StartedProcess } from "./start-process.ts";
import { deserialize, serialize, travels } from "./values.ts";

/** Milliseconds for which a process that has ended may still have something to say. */
const lastWords = 1_000;

const soon = Promise.resolve();

/** The pool's end of the pipes to one child process. */
export class ProcessLink implements Link {
  readonly label: string;
  readonly ring: CallerRing;
  readonly travels: Travels = travels;
  readonly #frames = new FrameWriter();
  readonly #recalls = new FrameWriter();
  readonly #events: LinkEvents;
  readonly #process: StartedProcess;
  readonly #stderr = new StderrTail();
  readonly #isSilent: boolean;
  #due = false;
  #error: unknown;
  #ended = false;

  /** What the process said before is told as well. */
  constructor(events: LinkEvents, started: StartedProcess, isSilent: boolean) {
    this.#events = events;
    this.#isSilent = isSilent;
    this.#process = started;
    const { child, orders, reports, recalls, returns, stderr, answers } = started;
    this.ring = new CallerRing({
      frames: this.#frames,
      recalls: this.#recalls,
      flush: (now) => (now ? this.#flush() : this.#flushSoon()),
      answers,
      clock: systemClock,
      soon: (call) => void setImmediate(call),
    });
    this.label = `process ${child.pid ?? "that did not start"}`;
    const frames = new FrameReader((kind, content) => this.#take(kind, content));
    reports.on("data", (piece: Buffer) => {
      frames.push(piece);
      // What the other thread told of may stand behind what has come just now.
      this.ring.catchUp();
      events.caughtUp();
    });
    const given = new FrameReader((kind, content) => this.#takeOther(kind, content));
    returns.on("data", (piece: Buffer) => given.push(piece));
    stderr?.on("data", (chunk: Buffer) => this.#print(chunk));
    // A child that has ended does not read any more; that it has is told by its exit.
    for (const pipe of [orders, reports, recalls, returns]) pipe.on("error", () => {});
    child.on("error", (error) => this.#failed(error));
    child.on("exit", (code, signal) => this.#exited(code, signal));
  }

  send(order: WorkerOrder): void {
    this.#frames.whole(Frame.order, serialize(order));
    this.#flushSoon();
  }

  hold(held: boolean): void {
    holdProcess(this.#process, held);
  }

  kill(): void {
    endGroup(this.#process.child);
  }

  #flushSoon(): void {
    if (this.#due) return;
    this.#due = true;
    void soon.then(() => this.#flush());
  }

  #flush(): void {
    this.#due = false;
    if (this.#ended) return;
    const { orders, recalls } = this.#process;
    writeAll(orders, this.#frames.take());
    writeAll(recalls, this.#recalls.take());
  }

  #take(kind: number, content: FrameContent): void {
    if (kind === Frame.answer) this.ring.answered(content);
    else if (kind === Frame.started) this.ring.begun(content);
    else if (kind === Frame.recorded) this.ring.recorded(content.integer());
    else if (kind === Frame.passed) this.#passed(content.integer());
    else this.#report(content.rest());
  }

  #report(bytes: Buffer): void {
    let report: WorkerReport;
    try {
      report = deserialize(bytes) as WorkerReport;
    } catch (error) {
      this.#events.unreadable(error);
      return;
    }
    if (isEnding(report)) this.ring.answeredByMessage(report[1]);
    this.#events.report(report);
  }

  /** It comes on another pipe than what was given back, and may be here first. */
  #passed(position: Position): void {
    this.#events.returned?.([position]);
    this.ring.passed(position);
  }

  #takeOther(kind: number, content: FrameContent): void {
    if (kind === Frame.returned) this.#returned(content);
    else {
      this.ring.seen(content.integer());
      this.#events.caughtUp();
    }
  }

  #returned(content: FrameContent): void {
    this.ring.recalled(content.integer());
    const positions: Position[] = [];
    while (!content.isOver) positions.push(content.integer());
    this.#events.returned?.(positions);
  }

  #print(chunk: Buffer): void {
    this.#stderr.add(chunk);
    if (!this.#isSilent) process.stderr.write(chunk);
  }

  /** It did not start, or cannot be ended. */
  #failed(error: unknown): void {
    this.#error ??= error;
    if (this.#process.child.pid === undefined) this.#end({});
  }

  /** It has ended; what it wrote before may still be on its way. */
  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    const { reports, stderr } = this.#process;
    const pipes = [reports, stderr].filter((pipe) => pipe !== undefined);
    const ends = pipes.map(
      (pipe) =>
        new Promise<void>((resolve) => (pipe.closed ? resolve() : pipe.once("close", resolve))),
    );
    const exit = { exitCode: code ?? undefined, signal: signal ?? undefined };
    const timer = systemClock.after(lastWords, () => this.#end(exit));
    void Promise.all(ends).then(() => {
      timer.cancel();
      this.#end(exit);
    });
  }

  #end(exit: { exitCode?: number | undefined; signal?: string | undefined }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.ring.readLast();
    closePipes(this.#process);
    // What it had started goes with it.
    endGroup(this.#process.child);
    this.#events.exit({ ...exit, error: this.#error, stderr: this.#stderr.text });
  }
}

/** In one call of the system, if the pipe takes it all. */
function writeAll(pipe: Writable, parts: readonly Uint8Array[]): void {
  if (parts.length > 1) pipe.cork();
  for (const part of parts) pipe.write(part);
  if (parts.length > 1) pipe.uncork();
}
