import type { TaskContext } from "@quintet/core";
import {
  type Capture,
  type Carried,
  type CreditGate,
  RunContext,
  type RunNames,
} from "@quintet/core/kit";
import type { Position } from "../transport/ring-memory.ts";
import type { Ring } from "../transport/ring.ts";
import type { Answers } from "./answers.ts";
import type { TaskEntry } from "./task-table.ts";

/** Who runs a task. */
export interface ContextOwner {
  readonly ring: Ring;
  /** What the worker was set up with. */
  readonly state: unknown;
  progress(context: WorkerContext, value: unknown): void;
  readonly answers: Pick<Answers, "names">;
}

/**
 * A task that runs: its context, and what its worker keeps with it. Not a kind of `RunContext`, which most tasks never
 * need: there is one of these for each of millions of runs.
 */
export class WorkerContext implements TaskContext {
  readonly position: Position;
  readonly entry: TaskEntry;
  readonly attempt: number;
  /** Of a stream. */
  readonly gate: CreditGate | undefined;
  /** It sent something, which its end must not overtake. */
  spoke = false;
  /** Takes what it writes, where the caller asked for that. */
  declare capture?: Capture | undefined;
  /** Of its caller's async context. */
  declare carried?: Carried | undefined;
  readonly #owner: ContextOwner;
  readonly #number: number;
  readonly #ownId: string | undefined;
  /** Made when it is first cancelled, or asked for its signal or a name. */
  #cancelling: RunContext | undefined;

  /** Its id is `ownId`, or made of its executor's name and its number. */
  constructor(
    owner: ContextOwner,
    position: Position,
    entry: TaskEntry,
    number: number,
    ownId?: string,
    attempt: number = 1,
    gate?: CreditGate,
  ) {
    this.position = position;
    this.entry = entry;
    this.attempt = attempt;
    this.gate = gate;
    this.#owner = owner;
    this.#number = number;
    this.#ownId = ownId;
    this.#cancelling = undefined;
  }

  get id(): string {
    return this.#ownId ?? `${this.entry.executor}#${this.#number}`;
  }

  get signal(): AbortSignal {
    return this.#canceller.signal;
  }

  /** Also seen in the ring, even before the message about it can be read. */
  get cancelled(): boolean {
    return (this.#cancelling?.cancelled ?? false) || this.#owner.ring.isCancelled(this.position);
  }

  /** Why it was cancelled. */
  get reason(): unknown {
    return this.#cancelling?.reason;
  }

  get state(): unknown {
    return this.#owner.state;
  }

  // A function of its own: a task may take it out of the context.
  get progress(): (value: unknown) => void {
    return (value) => this.#owner.progress(this, value);
  }

  get semaphore(): TaskContext["semaphore"] {
    return this.#canceller.semaphore;
  }

  get channel(): TaskContext["channel"] {
    return this.#canceller.channel;
  }

  /** Its function has ended. */
  end(): void {
    this.#cancelling?.end();
  }

  /** Aborts the signal, and ends a pause of its stream; only the first reason counts. */
  cancel(reason: unknown): void {
    this.gate?.close(reason);
    this.#canceller.cancel(reason);
  }

  get #canceller(): RunContext {
    return (this.#cancelling ??= new InnerContext(this, this.#owner));
  }
}

/** What few runs need of a context. */
class InnerContext extends RunContext {
  readonly #outer: WorkerContext;
  readonly #owner: ContextOwner;

  constructor(outer: WorkerContext, owner: ContextOwner) {
    super(outer.id, outer.attempt);
    this.#outer = outer;
    this.#owner = owner;
  }

  protected override openNames(): RunNames {
    return this.#owner.answers.names(this.#outer, this);
  }
}
