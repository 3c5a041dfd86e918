import { TimeoutError } from "@quintet/core";
import type { Clock, Ending, RunBatch, Runnable, TaskRun, Timer } from "@quintet/core/kit";
import { AnswerReader, type AnswerReaderOwner } from "./answer-reader.ts";
import { Lane } from "./lane.ts";
import { Lookout } from "./lookout.ts";
import { placeOf } from "./place.ts";
import {
  Report,
  type RunReport,
  type UpkeepReport,
  wakeUp,
  type WorkerReport,
} from "../codec/protocol.ts";
import type { Position } from "../transport/ring-memory.ts";
import { ReservedLine } from "../scheduler/reserved-line.ts";
import { RunSender, type RunSenderOwner } from "./run-sender.ts";
import { connect, type Link, type Transport, type WorkerExit } from "../transport/transport.ts";
import { WorkerEnding } from "./worker-ending.ts";
import type { WorkerTerms } from "./worker-terms.ts";
import { WorkerUpkeep } from "./worker-upkeep.ts";

/** starting → up → leaving → gone; from each it may go straight to gone. */
export type WorkerState = "starting" | "up" | "leaving" | "gone";

/** What a worker tells its scheduler. */
export interface WorkerOwner extends RunSenderOwner, AnswerReaderOwner {
  readonly clock: Clock;
  up(worker: WorkerHandle): void;
  /** Makes a run of its own of one that came in a batch. */
  promote(batch: RunBatch, offset: number): TaskRun;
  ended(run: TaskRun, ending: Ending | undefined, duration?: number): void;
  /** It was let go, and what was to be done before its end was not. */
  tearDownFailed(worker: WorkerHandle, thrown: unknown): void;
  /** Whatever it had to tell was told: some of its runs may have ended. */
  caughtUp(worker: WorkerHandle): void;
  /** It gave runs back, and holds them no more. */
  returned(worker: WorkerHandle, runs: readonly TaskRun[]): void;
  /** It is let go, and holds no runs; some may have waited for it. */
  dismissed(worker: WorkerHandle): void;
  /** `up` tells whether it ever was. It may still hold runs. */
  exited(worker: WorkerHandle, exit: WorkerExit, up: boolean): void;
}

/** One worker: its state, the runs it holds, and what is on its way to it. */
export class WorkerHandle {
  state: WorkerState = "starting";
  /** The runs it holds, in the order they were given. */
  readonly lane: Lane;
  /** The runs that wait for it and no other. */
  readonly line: ReservedLine = new ReservedLine();
  /** What goes to it. */
  readonly sender: RunSender;
  /** When it last became idle or began a task, on the owner's clock. */
  since: number;
  /** How many tasks it may be given. */
  quota: number;
  /** After how many it is to be replaced when its turn comes. */
  due: number;
  readonly link: Link;
  readonly gone: Promise<void>;
  readonly #owner: WorkerOwner;
  readonly #leave: () => void;
  readonly #answers: AnswerReader;
  readonly #upkeep: WorkerUpkeep;
  readonly #terms: WorkerTerms;
  #current: TaskRun | undefined;
  #up = false;
  #start: Timer | undefined;
  readonly #ending: WorkerEnding;
  readonly #lookout: Lookout;

  constructor(owner: WorkerOwner, transport: Transport, terms: WorkerTerms) {
    this.#owner = owner;
    this.#terms = terms;
    this.quota = terms.quota;
    this.due = terms.due;
    this.#upkeep = new WorkerUpkeep(terms.setUp);
    this.since = owner.clock.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#leave = resolve;
    this.sender = new RunSender(this, owner);
    this.#answers = new AnswerReader(this, owner);
    const events = {
      report: (report: WorkerReport) => this.#receive(report),
      caughtUp: () => this.#catchUp(),
      returned: (positions: readonly Position[]) => this.#returned(positions),
      unreadable: (error: unknown) => this.#unreadable(error),
      exit: (exit: WorkerExit) => this.#exit(exit),
    };
    this.link = connect(transport, events, owner.clock);
    const giveUp = (): void => this.#giveUp();
    this.#ending = new WorkerEnding(this.link, this.#upkeep, owner.clock, terms, giveUp);
    this.#lookout = new Lookout(owner.clock, events.caughtUp);
    this.lane = new Lane((...which) => this.#promote(...which), this.link.ring.completed);
    this.#start = owner.clock.after(terms.startTimeout, () => this.#startedLate());
  }

  get label(): string {
    return this.link.label;
  }

  /** Smoothed running time of its tasks in milliseconds; unknown before the first answer. */
  get pace(): number | undefined {
    return this.#answers.pace;
  }

  /** Whether it is known to run this task, and all it holds is that task. */
  knows(task: Runnable): boolean {
    return this.#answers.paced === task && (this.held === 0 || this.lane.only === task);
  }

  /** How many runs it holds. */
  get held(): number {
    return this.lane.size;
  }

  /** It may be given runs: no slot waits to be passed, and nothing to be given back. It tells when that is so again. */
  get isOpen(): boolean {
    return this.state === "up" && this.lane.room > 0 && !this.link.ring.isRecalling;
  }

  /** It is open and holds nothing. */
  get isEmpty(): boolean {
    return this.held === 0 && this.isOpen;
  }

  /** Lets it go; it holds no tasks. */
  dismiss(): void {
    if (this.state === "gone" || this.state === "leaving") return;
    const starting = this.state === "starting";
    this.state = "leaving";
    this.link.hold(true);
    if (starting) this.kill();
    else this.#ending.ask();
    this.#owner.dismissed(this);
  }

  /** Ends it whatever it does. */
  kill(): void {
    if (this.state === "gone") return;
    this.state = "leaving";
    this.#ending.kill();
  }

  /** The first of its runs is the running one now, if it was not before. */
  begin(): void {
    const first = this.lane.first();
    if (this.state !== "up") return;
    if (first !== this.#current) {
      this.#current = first;
      this.since = this.#owner.clock.now();
    }
    if (!first || first.started) return;
    const { tellsStart, position } = placeOf(first);
    if (!tellsStart) this.#owner.started(first, this, this.since);
    else if (this.link.ring.isRunning(position))
      this.#owner.started(first, this, this.#owner.clock.now());
  }

  #promote(batch: RunBatch, offset: number, position: Position): TaskRun {
    const run = this.#owner.promote(batch, offset);
    const place = placeOf(run);
    place.worker = this;
    place.position = position;
    return run;
  }

  /** It goes on somewhere, but nobody waits for it, not even this process. */
  #giveUp(): void {
    this.link.hold(false);
    this.#exit({ error: new Error("It does not stop.") });
  }

  #catchUp(): void {
    for (;;) {
      if (this.state === "gone") return;
      const { completed } = this.link.ring;
      const found = this.#answers.read();
      this.#owner.caughtUp(this);
      if (this.#lookout.rest(this, completed, found)) return;
    }
  }

  /** What it gives back goes elsewhere, or was cancelled meanwhile. */
  #returned(positions: readonly Position[]): void {
    if (this.state === "gone") return;
    const runs = positions.flatMap((position) => this.lane.here(position) ?? []);
    for (const run of runs) this.sender.takeBack(run);
    this.#owner.returned(this, runs);
    this.#owner.caughtUp(this);
  }

  #receive(report: WorkerReport): void {
    // A worker that was given up may go on and report: its tasks are settled.
    if (this.state === "gone" || report === wakeUp) return;
    if (report[0] < Report.ready) this.#answers.receive(report as RunReport);
    else if (report[0] === Report.full) this.due = 0;
    else if (this.#upkeep.receive(report as UpkeepReport, this.link)) this.#begin();
  }

  #begin(): void {
    this.#start?.cancel();
    if (this.state !== "starting") return;
    this.state = "up";
    this.#up = true;
    this.since = this.#owner.clock.now();
    this.#owner.up(this);
  }

  #startedLate(): void {
    const { startTimeout } = this.#terms;
    this.#upkeep.startError ??= new TimeoutError(`It was not up after ${startTimeout} ms.`);
    this.kill();
  }

  /** A result that cannot be read belongs to the task that runs; nothing more can be known of it. */
  #unreadable(error: unknown): void {
    if (this.state === "gone") return;
    this.#answers.read();
    const running = this.lane.first();
    // First, so that it is not given anything more.
    this.kill();
    if (running) this.#answers.unreadable(running, error);
    this.#owner.caughtUp(this);
  }

  #exit(exit: WorkerExit): void {
    if (this.state === "gone") return;
    // First, so that whoever hears of the last answers gives it nothing more.
    this.state = "leaving";
    this.#answers.readLast();
    const last = this.lane.first();
    // It may not have come to say so.
    const hadStarted = last && this.link.ring.hasStarted(placeOf(last).position);
    if (hadStarted && !last.started) this.#owner.started(last, this, this.since);
    this.#start?.cancel();
    this.#ending.done();
    this.state = "gone";
    this.#upkeep.end(exit, this.label);
    const { startError, failure } = this.#upkeep;
    if (failure) this.#owner.tearDownFailed(this, failure.thrown);
    this.#owner.exited(
      this,
      startError === undefined ? exit : { ...exit, error: startError },
      this.#up,
    );
    this.#leave();
  }
}
