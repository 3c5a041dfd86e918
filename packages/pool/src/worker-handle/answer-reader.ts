import type { TaskOutput } from "@quintet/core";
import {
  decodeThrown,
  type DeskFor,
  type Ending,
  notCloneable,
  RunBatch,
  type Runnable,
  ServedNames,
  type TaskRun,
  travels,
} from "@quintet/core/kit";
import { leaveWorker, placeOf } from "./place.ts";
import { type EndReport, Order, Report, type RunReport } from "../codec/protocol.ts";
import { nextPosition, type Position, ringSlots } from "../transport/ring-memory.ts";
import { ValueKind } from "../codec/slot-values.ts";
import { short } from "../scheduler/send-ahead.ts";
import type { WorkerHandle } from "./worker-handle.ts";

/** Whom a reader tells. */
export interface AnswerReaderOwner {
  /** `time` is on the clock of the pool. */
  started(run: TaskRun, worker: WorkerHandle, time: number): void;
  item(run: TaskRun, item: unknown): void;
  progress(run: TaskRun, value: unknown): void;
  output(run: TaskRun, output: TaskOutput): void;
  readonly deskFor: DeskFor;
  /** The run has left its worker; no ending for one that ended with the reason it was cancelled with. */
  ended(run: TaskRun, ending: Ending | undefined, duration?: number): void;
}

/** Reads what one worker answers, in its ring and by message. */
export class AnswerReader {
  /** Smoothed running time of a task in milliseconds; unknown before the first answer. */
  pace: number | undefined;
  /** The task that was measured last. */
  paced: Runnable | undefined;
  /** When the last task has ended, by what is known here, on the clock of the pool. */
  #lastEnd = -Infinity;
  /** Of the runs of a batch that were read last. */
  readonly #durations = new Float64Array(ringSlots);
  readonly #worker: WorkerHandle;
  readonly #owner: AnswerReaderOwner;

  constructor(worker: WorkerHandle, owner: AnswerReaderOwner) {
    this.#worker = worker;
    this.#owner = owner;
  }

  /** Takes a message about a run. */
  receive(report: RunReport): void {
    const position = report[1];
    // What was completed before it is in the ring.
    this.#readTo(position);
    const run = this.#worker.lane.at(position);
    if (!run || placeOf(run).position !== position) return;
    if (!run.started) this.#owner.started(run, this.#worker, this.#startOf(run));
    if (report[0] === Report.item) this.#owner.item(run, report[2]);
    else if (report[0] === Report.progress) this.#owner.progress(run, report[2]);
    else if (report[0] === Report.output) this.#owner.output(run, report[2]);
    else if (report[0] === Report.ask) this.#namesOf(run).receive(report[2], report[3]);
    else {
      this.#worker.lane.shift();
      this.#end(run, report[2], endingOf(report, this.#worker.label));
    }
  }

  #namesOf(run: TaskRun): ServedNames {
    const { link } = this.#worker;
    const place = placeOf(run);
    if (place.names) return place.names;
    place.names = new ServedNames(
      this.#owner.deskFor(run),
      (answer) => this.#worker.state !== "gone" && link.send([Order.answer, answer]),
      link.travels ?? travels,
    );
    // It was cancelled, and does not know it yet.
    if (place.grace) place.names.cancel(place.reason);
    return place.names;
  }

  /** Ends a run whose result arrived and cannot be read. */
  unreadable(run: TaskRun, error: unknown): void {
    this.#worker.lane.drop(placeOf(run).position);
    leaveWorker(run);
    const value = notCloneable(`The output of ${run.taskId}`, "output", undefined, error);
    this.#owner.ended(run, { ok: false, value });
  }

  /** Takes all answers that are in the ring; gives how many there were. */
  read(): number {
    const { link, lane } = this.#worker;
    const { head } = lane;
    this.#readTo(link.ring.completed);
    return (lane.head - head) | 0;
  }

  /** Takes the answers in the ring of a worker that is gone. A message that never came holds back none behind it. */
  readLast(): void {
    const { lane, link } = this.#worker;
    const { completed } = link.ring;
    this.#readTo(completed);
    for (
      let position = lane.head;
      ((completed - position) | 0) > 0;
      position = nextPosition(position)
    ) {
      const run = lane.at(position);
      if (!run || link.ring.answer(position) === ValueKind.message) continue;
      lane.drop(position);
      this.#end(run, link.ring.numberAt(position), {
        ok: true,
        value: link.ring.valueAt(position),
      });
    }
  }

  /** Takes the answers in the ring before a position, up to one that comes by message. */
  #readTo(end: number): void {
    const { lane, link } = this.#worker;
    while (((end - lane.head) | 0) > 0) {
      const position = lane.head;
      const entry = lane.entry(position);
      if (entry === undefined) {
        lane.shift();
        continue;
      }
      if (link.ring.answer(position) === ValueKind.message) return;
      if (entry instanceof RunBatch) this.#readBatch(entry, end);
      else {
        const duration = link.ring.numberAt(position);
        const value = link.ring.valueAt(position);
        lane.shift();
        this.#end(entry, duration, { ok: true, value });
      }
    }
  }

  /** Takes the answers of runs of one batch that stand one after the other. */
  #readBatch(batch: RunBatch, end: Position): void {
    const { lane, link } = this.#worker;
    const offset = lane.offset(lane.head);
    const started = this.#startOf(batch);
    const most = lane.follow(batch, end);
    const values: unknown[] = [];
    values.length = most;
    const count = link.ring.readSome(lane.head, most, values, this.#durations);
    values.length = count;
    const durations = this.#durations.subarray(0, count);
    lane.shiftSome(count);
    this.#measuredSome(batch.task, started, durations);
    batch.complete(offset, values, started, durations);
  }

  /**
   * A worker runs one task after the other, and no clock of its own can be compared with that of the pool: it began with
   * this one when the one before had ended, or when it was found to have nothing else, or not before there was this one.
   */
  #startOf({ since }: TaskRun | RunBatch): number {
    return Math.max(this.#lastEnd, this.#worker.since, since);
  }

  #measured(task: Runnable, started: number, duration: number): void {
    this.paced = task;
    this.#lastEnd = started + duration;
    this.pace = smoothed(this.pace, duration);
  }

  #measuredSome(task: Runnable, started: number, durations: Float64Array): void {
    let all = 0;
    for (const duration of durations) all += duration;
    this.paced = task;
    this.#lastEnd = started + all;
    // What was before these hardly counts any more.
    for (const duration of durations.subarray(-16)) this.pace = smoothed(this.pace, duration);
  }

  #end(run: TaskRun, duration: number, ending: Ending | undefined): void {
    if (!run.started) this.#owner.started(run, this.#worker, this.#startOf(run));
    this.#measured(run.task, run.since, duration);
    leaveWorker(run);
    this.#owner.ended(run, ending, duration);
  }
}

/** How a run ended that a worker reports; nothing where it ended with the reason it was cancelled with. */
function endingOf(report: EndReport, worker: string): Ending | undefined {
  if (report[0] === Report.done) return { ok: true, value: report[3] };
  if (report[0] === Report.cancelled) return undefined;
  return { ok: false, value: decodeThrown(report[3], worker) };
}

/**
 * Among short ones, one that took far longer counts for this many times as long at most: mostly its thread was not
 * running. Where tasks have really become longer, the next one shows it.
 */
const mostLonger = 16;

function smoothed(pace: number | undefined, duration: number): number {
  if (pace === undefined) return duration;
  const most = pace < short ? mostLonger * Math.max(pace, short / 16) : Infinity;
  return pace * 0.8 + Math.min(duration, most) * 0.2;
}
