import { type Clock, encodeThrown, type TaskRun, type Timer } from "@quintet/core/kit";
import { type Assignment, needsExactStart, runOrder } from "./assignment.ts";
import { notCloneable, travels } from "./codec.ts";
import { Outbox } from "./outbox.ts";
import { Order, Report, type RunOrder, type WorkerOrder, type WorkerReport } from "./protocol.ts";
import { SlotTable } from "./slot-table.ts";
import type { NumberedTask } from "./task-numbers.ts";
import { connect, type Link, type Transport, type WorkerExit } from "./transport.ts";

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
  /** How many runs it was given and not taken back. */
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
  #killed = false;

  constructor(owner: WorkerOwner, transport: Transport, startTimeout: number) {
    this.#owner = owner;
    this.since = owner.clock.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#leave = resolve;
    const events = {
      report: (report: WorkerReport) => this.#receive(report),
      unreadable: (error: unknown) => this.#unreadable(error),
      exit: (exit: WorkerExit) => this.#exit(exit),
    };
    this.link = connect(transport, events, owner.clock);
    this.#slots = new SlotTable(this.link.board);
    this.#outbox = new Outbox({
      send: (orders) => this.#send(orders),
      sendRun: (order) => this.#sendRun(order),
      // A run taken back before it went out, or while its worker died, is not sent at all.
      isWanted: ([, slot, turn]) =>
        this.state !== "gone" && this.#slots.holder(slot)?.turn === turn,
      isMoving: ([, slot]) => (this.#slots.holder(slot)?.run.options.transfer?.length ?? 0) > 0,
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
  assign(run: TaskRun, task: NumberedTask): Assignment {
    const assignment = this.#slots.take((slot, turn): Assignment => ({
      run,
      worker: this,
      slot,
      turn,
      tellsStart: needsExactStart(run),
      sent: false,
    }));
    this.assignments.push(assignment);
    this.given++;
    if (!this.#known.has(task.number)) {
      this.#known.add(task.number);
      this.#outbox.post([Order.register, task.number, task.id, task.origin]);
    }
    this.#outbox.post(runOrder(assignment, task.number));
    return assignment;
  }

  /** Takes back a run that has not started; false when it has. `begin()` follows. */
  revoke(assignment: Assignment): boolean {
    if (!this.#slots.revoke(assignment.slot)) return false;
    this.#remove(assignment);
    this.given--;
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
    // Only the first time: each further one would prolong how long it may take.
    if (this.state === "gone" || this.#killed) return;
    this.#killed = true;
    this.state = "leaving";
    this.#killing?.cancel();
    this.#killing = this.#owner.clock.after(killLimit, () => this.#giveUp());
    this.link.kill();
  }

  /** It goes on somewhere, but nobody waits for it, not even this process. */
  #giveUp(): void {
    this.link.hold(false);
    this.#exit({ error: new Error("It does not stop.") });
  }

  #send(orders: readonly WorkerOrder[]): void {
    if (this.state !== "gone") this.link.send(orders);
  }

  #sendRun(order: RunOrder): void {
    const assignment = this.#slots.holder(order[1]) as Assignment;
    const { run, slot } = assignment;
    try {
      this.link.send([order], run.options.transfer);
      assignment.sent = true;
    } catch (cause) {
      this.#remove(assignment);
      this.#slots.free(slot);
      this.given--;
      const error = notCloneable(`The input of ${run.taskId}`, "input", run.input, cause);
      this.#owner.unsendable(assignment, error);
    }
  }

  #receive(report: WorkerReport): void {
    // A worker that was given up may go on and report: its tasks are settled.
    if (this.state === "gone") return;
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
  }

  /** A result that cannot be read belongs to the task that runs; nothing more can be known of it. */
  #unreadable(error: unknown): void {
    if (this.state === "gone") return;
    const [running] = this.assignments;
    if (running) {
      this.#remove(running);
      this.#slots.free(running.slot);
    }
    // First, so that it is not given anything more.
    this.kill();
    if (!running) return;
    const what = `The output of ${running.run.taskId}`;
    this.#owner.unsendable(running, notCloneable(what, "output", undefined, error));
  }

  #remove(assignment: Assignment): void {
    assignment.grace?.cancel();
    const index = this.assignments.indexOf(assignment);
    if (index >= 0) this.assignments.splice(index, 1);
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
