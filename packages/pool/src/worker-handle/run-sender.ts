import type { NotCloneableError } from "@quintet/core";
import {
  type Clock,
  encodeThrown,
  type Ending,
  isTraced,
  notCloneable,
  type RunBatch,
  type TaskRun,
  travels,
  type Travels,
} from "@quintet/core/kit";
import { Outbox } from "./outbox.ts";
import { leaveWorker, placeOf } from "./place.ts";
import { Order, Wish, wakeUp } from "../codec/protocol.ts";
import type { Position } from "../transport/ring-memory.ts";
import type { NumberedTask } from "../scheduler/task-numbers.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** Whom a sender tells. */
export interface RunSenderOwner {
  readonly clock: Clock;
  /** The name that the ids of runs begin with. */
  readonly name: string;
  ended(run: TaskRun, ending: Ending): void;
  caughtUp(worker: WorkerHandle): void;
}

/** Gives runs to one worker, what they need of it, and what they are told. */
export class RunSender {
  /** How many runs it gave and did not take back. */
  given = 0;
  /** Smoothed milliseconds that sending the input of a run takes; nothing where it goes in the ring. */
  cost = 0;
  readonly #worker: WorkerHandle;
  readonly #owner: RunSenderOwner;
  readonly #outbox: Outbox;
  readonly #known = new Set<number>();

  constructor(worker: WorkerHandle, owner: RunSenderOwner) {
    this.#worker = worker;
    this.#owner = owner;
    this.#outbox = new Outbox({
      sendInput: (position) => this.#sendInput(position),
      submit: (end) => this.#submit(end),
    });
  }

  /** Gives a run, which goes out with everything else of this turn. */
  give(run: TaskRun, numbered: NumberedTask): void {
    this.#register(numbered);
    const { number: task } = numbered;
    const place = placeOf(run);
    const position = this.#worker.lane.push(run);
    const { attempt, items, number, ownId, options } = run;
    place.worker = this.#worker;
    place.position = position;
    if (place.sent) place.sent = false;
    if (place.asked) place.asked = false;
    place.tellsStart = run.observed || options.timeout !== undefined || isTraced();
    const wishes =
      (place.tellsStart ? Wish.started : 0) |
      (items ? Wish.items : 0) |
      (options.onOutput ? Wish.output : 0);
    const order = { task, attempt, wishes, window: items?.window ?? 0, number };
    const byMessage =
      ownId !== undefined || options.transfer !== undefined || place.carried !== undefined;
    this.given++;
    if (this.cost > 0) this.cost = this.cost < 0.000_1 ? 0 : this.cost * 0.8;
    if (!this.#worker.link.ring.put(position, order, run.input, byMessage))
      this.#outbox.follows(position);
    this.#outbox.posted(1);
  }

  /** Gives the next runs of a batch. */
  giveBatch(batch: RunBatch, count: number, task: NumberedTask): void {
    this.#register(task);
    this.given += count;
    this.cost = 0;
    const { inputs, number, next } = batch;
    const { lane, link } = this.#worker;
    const order = { task: task.number, attempt: 1, wishes: 0, window: 0, number };
    const first = lane.pushSome(batch, next, count);
    batch.next += count;
    for (let index = 0; index < count; index++) {
      const position = (first + index) | 0;
      const input = inputs[next + index];
      if (index > 0 && link.ring.putAlike(position, input)) continue;
      order.number = number + next + index;
      if (!link.ring.put(position, order, input, false)) this.#outbox.follows(position);
    }
    this.#outbox.posted(count);
  }

  /** Takes back a run that has not started; false when it has, or when that will be told later. */
  revoke(run: TaskRun): boolean {
    const place = placeOf(run);
    const { ring } = this.#worker.link;
    if (ring.revoke(place.position)) {
      this.takeBack(run);
      return true;
    }
    if (ring.isDistant && !place.asked && !ring.hasStarted(place.position)) {
      place.asked = true;
      ring.recall(place.position);
    }
    return false;
  }

  /** It will not start here. */
  takeBack(run: TaskRun): void {
    this.#worker.lane.drop(placeOf(run).position);
    leaveWorker(run);
    this.given--;
  }

  /** Asks the running task to end. */
  cancel(run: TaskRun, reason: unknown): void {
    const { position } = placeOf(run);
    const { link } = this.#worker;
    link.ring.cancel(position);
    // At once, so that nothing is handed over to it any more.
    placeOf(run).names?.cancel(reason);
    try {
      link.send([Order.cancel, position, encodeThrown(reason, this.#travels)]);
    } catch (cause) {
      // It travelled when that was tried, and does not now: something in it changes when it is looked at.
      const error = notCloneable("The reason of an abort", "reason", reason, cause, this.#travels);
      link.send([Order.cancel, position, encodeThrown(error, () => false)]);
    }
    link.ring.unpark();
  }

  grant(run: TaskRun, credits: number): void {
    this.#worker.link.send([Order.grant, placeOf(run).position, credits]);
  }

  /** Sends now what would go out at the end of this turn. */
  flush(): void {
    this.#outbox.flush();
  }

  #register({ number, id, origin }: NumberedTask): void {
    if (this.#known.has(number)) return;
    this.#known.add(number);
    this.#worker.link.send([Order.register, number, id, origin, this.#owner.name]);
  }

  #submit(end: Position = this.#worker.lane.tail): void {
    const { state, link } = this.#worker;
    if (state !== "gone" && link.ring.submit(end)) link.send(wakeUp);
  }

  /** A run that was taken back before its input went out, or while its worker died, is not sent at all. */
  #sendInput(position: Position): void {
    const { state, link, lane } = this.#worker;
    const { ring } = link;
    if (state === "gone") return;
    const run = lane.at(position);
    if (!run) {
      ring.empty(position);
      return;
    }
    try {
      const { carried } = placeOf(run);
      const start = this.#owner.clock.now();
      link.send([Order.input, position, run.input, run.ownId, carried], run.options.transfer);
      placeOf(run).sent = true;
      this.cost += (this.#owner.clock.now() - start) * 0.2;
    } catch (cause) {
      ring.revoke(position);
      ring.empty(position);
      this.takeBack(run);
      const value = this.#notCloneable(run, cause);
      this.#owner.ended(run, { ok: false, value });
      this.#owner.caughtUp(this.#worker);
    }
  }

  /** Says what could not travel: something it was to carry, or its input. */
  #notCloneable(run: TaskRun, cause: unknown): NotCloneableError {
    const canTravel = this.#travels;
    const guilty = placeOf(run).carried?.find(([, carried]) => !canTravel(carried));
    const [what, root, value] = guilty
      ? [`What ${run.taskId} carries`, `carry.${guilty[0]}`, guilty[1]]
      : [`The input of ${run.taskId}`, "input", run.input];
    return notCloneable(what, root, value, cause, canTravel);
  }

  get #travels(): Travels {
    return this.#worker.link.travels ?? travels;
  }
}
