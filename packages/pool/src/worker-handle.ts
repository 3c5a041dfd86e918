import { type Clock, encodeThrown, type TaskRun, type Timer } from "@quintet/core/kit";
import { notCloneable, travels } from "./codec.ts";
import { Outbox } from "./outbox.ts";
import { Order, Report, type RunOrder, Wish, type WorkerReport } from "./protocol.ts";
import { SlotTable } from "./slot-table.ts";
import type { NumberedTask } from "./task-numbers.ts";
import type { Link, Transport, WorkerExit } from "./transport.ts";

/** A run at a worker. */
export interface Assignment {
  readonly run: TaskRun;
  readonly worker: WorkerHandle;
  readonly slot: number;
  /** The worker says when it starts. */
  readonly tellsStart: boolean;
  /** Until its worker is stopped, after a cancel. */
  grace?: Timer;
}

/** starting → up → leaving → gone; from each it may go straight to gone. */
export type WorkerState = "starting" | "up" | "leaving" | "gone";

/** What a worker tells its scheduler. */
export interface WorkerOwner {
  readonly clock: Clock;
  up(worker: WorkerHandle): void;
  started(assignment: Assignment): void;
  reported(assignment: Assignment, report: WorkerReport): void;
  /** The order for this run could not be sent. */
  unsendable(assignment: Assignment, error: unknown): void;
  /** `up` tells whether it ever was. It may still hold assignments. */
  exited(worker: WorkerHandle, exit: WorkerExit, up: boolean): void;
}

/** How long a killed worker may take before it is given up. */
const killLimit = 5_000;

/** One worker: its state, the runs it holds in the order they were sent, and what is on its way to it. */
export class WorkerHandle {
  state: WorkerState = "starting";
  /** In the order sent; the first one is running or about to. */
  readonly assignments: Assignment[] = [];
  /** How many runs it was ever given. */
  given = 0;
  /** Smoothed running time in milliseconds; unknown before the first report. */
  pace: number | undefined;
  /** When it last became idle or began a task, on the owner's clock. */
  since: number;
  readonly link: Link;
  readonly gone: Promise<void>;
  readonly #owner: WorkerOwner;
  readonly #leave: () => void;
  readonly #slots: SlotTable<Assignment>;
  readonly #outbox: Outbox;
  readonly #known = new Set<number>();
  #current: Assignment | undefined;
  #up = false;
  #start: Timer | undefined;
  #killing: Timer | undefined;

  constructor(owner: WorkerOwner, transport: Transport, startTimeout: number) {
    this.#owner = owner;
    this.since = owner.clock.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#leave = resolve;
    this.link = transport.connect({
      report: (report) => this.#receive(report),
      unreadable: (error) => this.#unreadable(error),
      exit: (exit) => this.#exit(exit),
    });
    this.#slots = new SlotTable(this.link.board);
    this.#outbox = new Outbox({
      send: (orders) => this.link.send(orders),
      sendRun: (order) => this.#sendRun(order),
      isWanted: (order) => this.#isWanted(order),
    });
    this.#start = owner.clock.after(startTimeout, () => this.kill());
  }

  get label(): string {
    return this.link.label;
  }

  get hasFreeSlot(): boolean {
    return this.#slots.hasFree;
  }

  /** Gives it a run, which goes out with everything else of this turn. `begin()` follows. */
  assign(run: TaskRun, task: NumberedTask, tellsStart: boolean): Assignment {
    const assignment = this.#slots.take((slot): Assignment => ({
      run,
      worker: this,
      slot,
      tellsStart,
    }));
    const { slot } = assignment;
    this.assignments.push(assignment);
    this.given++;
    if (!this.#known.has(task.number)) {
      this.#known.add(task.number);
      this.#outbox.post([Order.register, task.number, task.id, task.origin]);
    }
    const wishes = (tellsStart ? Wish.started : 0) | (run.items ? Wish.items : 0);
    const window = run.items?.window ?? 0;
    this.#outbox.post([
      Order.run,
      slot,
      task.number,
      run.id,
      run.attempt,
      wishes,
      window,
      run.input,
    ]);
    return assignment;
  }

  /** Takes back a run that has not started; false when it has. */
  revoke(assignment: Assignment): boolean {
    if (!this.#slots.revoke(assignment.slot)) return false;
    this.#remove(assignment);
    this.begin();
    return true;
  }

  /** Asks the running task to end. */
  cancel({ slot }: Assignment, reason: unknown): void {
    this.link.board.cancel(slot);
    this.#outbox.post([Order.cancel, slot, encodeThrown(reason, travels)]);
  }

  grant({ slot }: Assignment, credits: number): void {
    this.#outbox.post([Order.grant, slot, credits]);
  }

  /** Lets it go; it holds no tasks. */
  dismiss(): void {
    if (this.state === "gone" || this.state === "leaving") return;
    const starting = this.state === "starting";
    this.state = "leaving";
    this.link.hold(true);
    if (starting) this.kill();
    else this.#outbox.post([Order.close]);
    this.#killing ??= this.#owner.clock.after(killLimit, () => this.kill());
  }

  /** Ends it whatever it does. */
  kill(): void {
    if (this.state === "gone") return;
    if (this.state === "up") this.state = "leaving";
    this.#killing?.cancel();
    this.link.kill();
    this.#killing = this.#owner.clock.after(killLimit, () =>
      this.#exit({ error: new Error("It does not stop.") }),
    );
  }

  #sendRun(order: RunOrder): void {
    const assignment = this.#slots.holder(order[1]) as Assignment;
    const { run, slot } = assignment;
    try {
      this.link.send([order], run.options.transfer);
    } catch (cause) {
      this.#remove(assignment);
      this.#slots.free(slot);
      const error = notCloneable(`The input of ${run.taskId}`, "input", run.input, cause);
      this.#owner.unsendable(assignment, error);
      this.begin();
    }
  }

  /** A run taken back before it went out is not sent at all. */
  #isWanted([, slot]: RunOrder): boolean {
    if (this.#slots.holder(slot)) return true;
    this.link.board.free(slot);
    return false;
  }

  #receive(report: WorkerReport): void {
    if (report[0] === Report.ready) {
      this.#start?.cancel();
      if (this.state !== "starting") return;
      this.state = "up";
      this.#up = true;
      this.since = this.#owner.clock.now();
      this.#owner.up(this);
      return;
    }
    const assignment = this.#slots.holder(report[1]);
    if (!assignment) return;
    if (report[0] === Report.started) {
      this.#owner.started(assignment);
      return;
    }
    if (
      report[0] === Report.done ||
      report[0] === Report.failed ||
      report[0] === Report.cancelled
    ) {
      this.pace = this.pace === undefined ? report[2] : this.pace * 0.8 + report[2] * 0.2;
      this.#remove(assignment);
      this.#slots.free(assignment.slot);
    }
    this.#owner.reported(assignment, report);
    this.begin();
  }

  /** A result that cannot be read belongs to the task that runs; nothing more can be known of it. */
  #unreadable(error: unknown): void {
    const [running] = this.assignments;
    if (running) {
      this.#remove(running);
      this.#owner.unsendable(
        running,
        notCloneable(`The output of ${running.run.taskId}`, "output", undefined, error),
      );
    }
    this.kill();
  }

  #remove(assignment: Assignment): void {
    assignment.grace?.cancel();
    this.assignments.splice(this.assignments.indexOf(assignment), 1);
  }

  /** The first assignment is the running one now, if it was not before. */
  begin(): void {
    const first = this.assignments[0];
    if (this.state !== "up" || first === this.#current) return;
    this.#current = first;
    this.since = this.#owner.clock.now();
    if (first && !first.tellsStart) this.#owner.started(first);
  }

  #exit(exit: WorkerExit): void {
    if (this.state === "gone") return;
    this.#start?.cancel();
    this.#killing?.cancel();
    this.state = "gone";
    this.#owner.exited(this, exit, this.#up);
    this.#leave();
  }
}
