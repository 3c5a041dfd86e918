import { TimeoutError } from "../errors.ts";
import type { Inputs } from "../executor.ts";
import type { MapOptions, RunOptions } from "../run-options.ts";
import { type AbortRegistration, onAbort } from "./abort-hub.ts";
import type { Clock, Timer } from "./clock.ts";
import { InputReader } from "./input-reader.ts";
import { joinStack } from "./join-stack.ts";
import { OutcomeBuffer } from "./outcome-buffer.ts";
import type { Ending, TaskRun } from "./task-run.ts";

/** What a map needs of its executor. */
export interface MapHost {
  readonly clock: Clock;
  /** The concurrency when the caller names none. */
  readonly concurrency: number;
  /** Starts one task; `onSettled` may be called before it returns. */
  launch(input: unknown, options: RunOptions, onSettled: (ending: Ending) => void): TaskRun;
}

type Step = IteratorResult<unknown, undefined>;

const over: Step = { done: true, value: undefined };

/** One reading of a map: reads inputs, keeps tasks under way, hands over outcomes. */
export class MapIteration implements AsyncIterator<unknown, undefined, void> {
  readonly #inputs: Inputs<unknown>;
  readonly #checkOptions: () => MapOptions;
  readonly #host: MapHost;
  readonly #underWay = new Map<number, TaskRun>();
  readonly #readers: PromiseWithResolvers<Step>[] = [];
  #state: "new" | "reading" | "draining" | "failed" | "over" = "new";
  #options: MapOptions = {};
  #runOptions: RunOptions = {};
  #reader: InputReader | undefined;
  #buffer = new OutcomeBuffer(true);
  #count = 0;
  #consumed = 0;
  #done = 0;
  #failed = 0;
  #filling = false;
  #registration: AbortRegistration | undefined;
  #deadline: Timer | undefined;

  constructor(inputs: Inputs<unknown>, options: () => MapOptions, host: MapHost) {
    this.#inputs = inputs;
    this.#checkOptions = options;
    this.#host = host;
  }

  next(): Promise<Step> {
    if (this.#state === "new") this.#begin();
    const reader = Promise.withResolvers<Step>();
    this.#readers.push(reader);
    this.#fill();
    this.#flush();
    return reader.promise.then(undefined, joinStack);
  }

  async return(): Promise<Step> {
    this.#stop(new DOMException("The map was left.", "AbortError"));
    await this.#reader?.close();
    return over;
  }

  #begin(): void {
    this.#state = "reading";
    try {
      const options = this.#checkOptions();
      this.#options = options;
      this.#runOptions = {
        timeout: options.timeout,
        priority: options.priority,
        retries: options.retries,
      };
      this.#buffer = new OutcomeBuffer(options.ordered ?? true);
      const { signal, deadline } = options;
      if (signal?.aborted) return this.#fail(signal.reason);
      this.#reader = new InputReader(this.#inputs);
      // Again, since a source may be what aborts it.
      if (signal?.aborted) return this.#fail(signal.reason);
      if (signal) this.#registration = onAbort(signal, (reason) => this.#fail(reason));
      if (deadline !== undefined) this.#bound(Number(deadline));
    } catch (error) {
      this.#fail(error);
    }
  }

  #bound(deadline: number): void {
    const { clock } = this.#host;
    const expire = (): void =>
      this.#fail(
        new TimeoutError(
          `The map was not done by its deadline, ${new Date(deadline).toISOString()}.`,
        ),
      );
    const left = deadline - clock.date();
    if (left <= 0) expire();
    else if (left < Infinity) this.#deadline = clock.after(left, expire);
  }

  // A task may settle while it is launched; the flag makes that a further turn of the loop, not a recursion.
  #fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    while (this.#state === "reading" && !this.#reader?.reading && this.#hasRoom()) {
      this.#reader?.read(
        (step) => this.#take(step),
        (error) => this.#endOfInput(error),
      );
    }
    this.#filling = false;
  }

  /** Room for a whole chunk, or for anything when nothing is under way. */
  #hasRoom(): boolean {
    const { concurrency = this.#host.concurrency, chunk = "auto" } = this.#options;
    const { window = 2 * concurrency } = this.#options;
    const room = Math.min(
      concurrency - this.#underWay.size,
      window - (this.#count - this.#consumed),
    );
    const wanted =
      chunk === "auto" || this.#count % chunk !== 0 ? 1 : Math.min(chunk, concurrency, window);
    return room >= wanted || (room > 0 && this.#underWay.size === 0);
  }

  #take(step: IteratorResult<unknown, unknown>): void {
    if (this.#state !== "reading") return;
    if (step.done) this.#endOfInput();
    else this.#launch(this.#count++, step.value);
    this.#fill();
  }

  #launch(index: number, input: unknown): void {
    const run = this.#host.launch(input, this.#runOptions, (ending) =>
      this.#settled(index, ending),
    );
    if (run.settled) return;
    this.#underWay.set(index, run);
    // A function that starts at once may have aborted the map meanwhile.
    if (this.#isVoid(index)) run.cancel(new DOMException("The map was over.", "AbortError"));
  }

  /** Whether the outcome of this index does not count any more. */
  #isVoid(index: number): boolean {
    return this.#state === "over" || this.#buffer.isCut(index);
  }

  /** No more inputs: there are none, or reading them failed, which shows where the next result would have come. */
  #endOfInput(...error: [] | [unknown]): void {
    if (this.#state !== "reading") return;
    this.#state = "draining";
    if (error.length > 0) this.#buffer.failAt(this.#count, error[0]);
    this.#flush();
  }

  #settled(index: number, ending: Ending): void {
    this.#underWay.delete(index);
    if (this.#isVoid(index)) return;
    this.#done++;
    if (!ending.ok) this.#failed++;
    if (ending.ok || this.#options.settle) this.#buffer.put(index, this.#result(index, ending));
    else this.#cut(index, ending.value);
    this.#report();
    this.#fill();
    this.#flush();
  }

  #result(index: number, ending: Ending): unknown {
    if (!this.#options.settle) return ending.value;
    return ending.ok
      ? { status: "fulfilled", index, value: ending.value }
      : { status: "rejected", index, reason: ending.value };
  }

  /** A task failed: nothing after it counts any more, so nothing after it goes on. */
  #cut(index: number, error: unknown): void {
    this.#state = "draining";
    this.#buffer.cutAt(index, error);
    this.#closeInput();
    for (const [other, run] of [...this.#underWay]) {
      if (this.#buffer.isCut(other))
        run.cancel(new DOMException("Another task of the map failed.", "AbortError"));
    }
  }

  #report(): void {
    const { onProgress } = this.#options;
    const total = this.#reader?.total;
    try {
      onProgress?.({
        done: this.#done,
        failed: this.#failed,
        ...(total === undefined ? {} : { total }),
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the whole map now, with an error for its reader. */
  #fail(error: unknown): void {
    if (this.#state === "failed" || this.#state === "over") return;
    this.#state = "failed";
    // Nothing else counts any more, nor how the tasks end that are cancelled now: with `settle` those would be outcomes.
    this.#buffer = new OutcomeBuffer(false);
    this.#buffer.cutAt(0, error);
    this.#release(error);
    this.#closeInput();
    this.#flush();
  }

  #flush(): void {
    while (this.#readers.length > 0 && this.#state !== "over") {
      const outcome = this.#buffer.take();
      if (outcome) {
        this.#consumed++;
        (this.#readers.shift() as PromiseWithResolvers<Step>).resolve({
          done: false,
          value: outcome.value,
        });
        this.#fill();
        continue;
      }
      const failure = this.#buffer.failure(this.#underWay.size === 0);
      if (failure) (this.#readers.shift() as PromiseWithResolvers<Step>).reject(failure.error);
      else if (this.#state !== "draining" || this.#underWay.size > 0) return;
      this.#stop();
    }
    if (this.#state === "over") for (const reader of this.#readers.splice(0)) reader.resolve(over);
  }

  #stop(reason?: unknown): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#release(reason);
    this.#flush();
  }

  #release(reason: unknown): void {
    this.#registration?.leave();
    this.#deadline?.cancel();
    for (const run of [...this.#underWay.values()]) run.cancel(reason);
  }

  #closeInput(): void {
    this.#reader?.close().catch(() => {}); // the map's own error is the one to report
  }
}
