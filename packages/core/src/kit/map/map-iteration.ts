import type { Inputs } from "../../executor.ts";
import type { MapOptions } from "../../run-options.ts";
import { type InputListener, InputReader } from "./input-reader.ts";
import { joinStack } from "../errors/join-stack.ts";
import { outcome } from "./outcome.ts";
import { OutcomeBuffer } from "./outcome-buffer.ts";
import { MapBounds } from "./map-bounds.ts";
import { MapCount } from "./map-count.ts";
import type { MapHost } from "./map-host.ts";
import { roomFor } from "./map-room.ts";
import { MapOutcomes } from "./map-outcomes.ts";
import type { Ending } from "../runs/task-run.ts";
import { type TasksOwner, TasksUnderWay } from "./tasks-under-way.ts";

type Step = IteratorResult<unknown, undefined>;

const soon = Promise.resolve();
const over: Step = { done: true, value: undefined };

/** Inputs that are read in one go, and milliseconds for which more are before other things have their turn. */
const mostRead = 512;
const fillLength = 4;

/** One reading of a map: reads inputs, keeps tasks under way, hands over outcomes. */
export class MapIteration
  implements AsyncIterator<unknown, undefined, void>, TasksOwner, InputListener
{
  readonly #inputs: Inputs<unknown>;
  readonly #checkOptions: () => MapOptions;
  readonly #host: MapHost;
  readonly #outcomes = new MapOutcomes();
  #state: "new" | "reading" | "draining" | "failed" | "over" = "new";
  #options: MapOptions = {};
  #tasks: TasksUnderWay;
  #due = false;
  #reader: InputReader | undefined;
  #count = 0;
  readonly #ended = new MapCount();
  readonly #bounds = new MapBounds();
  #filling = false;

  constructor(inputs: Inputs<unknown>, options: () => MapOptions, host: MapHost) {
    this.#inputs = inputs;
    this.#checkOptions = options;
    this.#host = host;
    this.#tasks = new TasksUnderWay(host, this, {});
  }

  next(): Promise<Step> {
    const step = this.#outcomes.readers.next();
    this.#proceed();
    return step.then(undefined, joinStack);
  }

  /** All that is left, at a fraction of the price of reading one at a time. */
  collect(): Promise<unknown[]> {
    const all = this.#outcomes.readers.collect();
    this.#proceed();
    return all.then(undefined, joinStack);
  }

  async return(): Promise<Step> {
    this.#stop(new DOMException("The map was left.", "AbortError"));
    await this.#reader?.close();
    return over;
  }

  #proceed(): void {
    if (this.#state === "new") this.#begin();
    this.#fill();
    this.#flush();
  }

  #begin(): void {
    this.#state = "reading";
    try {
      const options = this.#checkOptions();
      this.#options = options;
      this.#tasks = new TasksUnderWay(this.#host, this, this.#host.taskOptions(options));
      this.#outcomes.buffer = new OutcomeBuffer(options.ordered ?? true);
      const { signal } = options;
      if (signal?.aborted) return this.#fail(signal.reason);
      this.#reader = new InputReader(this.#inputs, this);
      // Once the source is there, which may be what aborts it.
      this.#bounds.set(options, this.#host.clock, (reason) => this.#fail(reason));
    } catch (error) {
      this.#fail(error);
    }
  }

  // A task may settle while it is launched; the flag makes that a further turn of the loop, not a recursion.
  #fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    const { clock } = this.#host;
    const end = clock.now() + fillLength;
    for (let room = this.#room(); room > 0; room = this.#room()) {
      this.#reader?.readSome(Math.min(room, mostRead));
      this.#tasks.flush(); // some may settle at once
      // A slow source: the next task that ends goes on here.
      if (clock.now() > end && this.#tasks.size > 0) break;
    }
    this.#filling = false;
  }

  #room(): number {
    if (this.#state !== "reading" || this.#reader?.reading) return 0;
    const { consumed } = this.#outcomes;
    return roomFor(this.#options, this.#host, this.#tasks.size, this.#count, consumed);
  }

  input(value: unknown): void {
    if (this.#state !== "reading") return;
    this.#count++;
    this.#tasks.add(value);
    if (this.#filling) return;
    this.#tasks.flush();
    this.#fill();
  }

  inputs(values: unknown[]): void {
    this.#count += values.length;
    this.#tasks.addAll(values);
  }

  inputEnded(): void {
    this.#endOfInput();
  }

  inputFailed(error: unknown): void {
    this.#endOfInput(error);
  }

  isVoid(index: number): boolean {
    return this.#state === "over" || this.#outcomes.buffer.isCut(index);
  }

  /** No more inputs: there are none, or reading them failed, which shows where the next result would have come. */
  #endOfInput(...error: [] | [unknown]): void {
    if (this.#state !== "reading") return;
    this.#state = "draining";
    this.#tasks.flush();
    if (error.length > 0) this.#outcomes.buffer.failAt(this.#count, error[0]);
    this.#flush();
  }

  settled(index: number, ending: Ending): void {
    if (this.isVoid(index)) return;
    this.#ended.add(ending.ok);
    if (ending.ok || this.#options.settle)
      this.#outcomes.buffer.put(
        index,
        this.#options.settle ? outcome(index, ending) : ending.value,
      );
    else this.#cut(index, ending.value);
    this.#report();
    this.#fill();
    this.#flush();
  }

  completed(first: number, values: readonly unknown[]): void {
    const { settle, onProgress } = this.#options;
    if (settle || onProgress || this.#outcomes.buffer.isLimited || this.#state === "over")
      this.#putEach(first, values);
    else {
      this.#ended.add(true, values.length);
      this.#outcomes.putAll(first, values);
    }
    if (this.#due) return;
    this.#due = true;
    void soon.then(() => {
      this.#due = false;
      this.#flush();
      this.#fill();
    });
  }

  #putEach(first: number, values: readonly unknown[]): void {
    const { settle, onProgress } = this.#options;
    for (const [offset, value] of values.entries()) {
      const index = first + offset;
      if (this.isVoid(index)) continue; // also when `onProgress` has just ended the map
      this.#ended.add(true);
      this.#outcomes.put(index, settle ? outcome(index, { ok: true, value }) : value);
      if (onProgress) this.#report();
    }
  }

  /** A task failed: nothing after it counts any more, so nothing after it goes on. */
  #cut(index: number, error: unknown): void {
    this.#state = "draining";
    this.#outcomes.buffer.cutAt(index, error);
    this.#closeInput();
    this.#tasks.cancel(new DOMException("Another task of the map failed.", "AbortError"), false);
  }

  #report(): void {
    try {
      this.#options.onProgress?.(this.#ended.progress(this.#reader?.total));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the whole map now, with an error for its reader. */
  #fail(error: unknown): void {
    if (this.#state === "failed" || this.#state === "over") return;
    this.#state = "failed";
    // Nothing else counts any more, nor how the tasks end that are cancelled now: with `settle` those would be outcomes.
    this.#outcomes.buffer = new OutcomeBuffer(false);
    this.#outcomes.buffer.cutAt(0, error);
    this.#release(error);
    this.#closeInput();
    this.#flush();
  }

  #flush(): void {
    const { readers } = this.#outcomes;
    while (readers.waiting && this.#state !== "over") {
      if (this.#outcomes.hand()) {
        this.#fill();
        continue;
      }
      const failure = this.#outcomes.buffer.failure(this.#tasks.size === 0);
      if (failure) readers.fail(failure.error);
      else if (this.#state !== "draining" || this.#tasks.size > 0) return;
      this.#stop();
    }
    if (this.#state === "over") readers.end();
  }

  #stop(reason?: unknown): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#release(reason);
    this.#flush();
  }

  #release(reason: unknown): void {
    this.#bounds.release();
    this.#tasks.cancel(reason, true);
  }

  #closeInput(): void {
    this.#reader?.close().catch(() => {}); // the map's own error is the one to report
  }
}
