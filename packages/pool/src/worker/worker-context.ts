import { type Capture, type Carried, type CreditGate, RunContext } from "@quintet/core/kit";
import type { Position } from "../ring-memory.ts";
import type { Ring } from "../ring.ts";
import type { TaskEntry } from "./task-table.ts";

/** Who runs a task. */
export interface ContextOwner {
  readonly ring: Ring;
  /** What the worker was set up with. */
  readonly state: unknown;
  progress(context: WorkerContext, value: unknown): void;
}

/** A task that runs: its context, and what its worker keeps with it. */
export class WorkerContext extends RunContext {
  readonly position: Position;
  readonly entry: TaskEntry;
  /** Of a stream. */
  readonly gate: CreditGate | undefined;
  /** When its function was called. */
  begun: number;
  /** It sent something, which its end must not overtake. */
  spoke = false;
  /** Takes what it writes, where the caller asked for that. */
  capture: Capture | undefined = undefined;
  /** Of its caller's async context. */
  carried: Carried | undefined = undefined;
  readonly #owner: ContextOwner;
  readonly #number: number;

  /** Its id is `ownId`, or made of its executor's name and its number. */
  constructor(
    owner: ContextOwner,
    position: Position,
    entry: TaskEntry,
    number: number,
    ownId: string | undefined,
    attempt: number,
    gate: CreditGate | undefined,
    begun: number,
  ) {
    super(ownId ?? "", attempt);
    this.#owner = owner;
    this.position = position;
    this.entry = entry;
    this.#number = number;
    this.gate = gate;
    this.begun = begun;
  }

  override get id(): string {
    return super.id || `${this.entry.executor}#${this.#number}`;
  }

  /** Also seen in the ring, even before the message about it can be read. */
  override get cancelled(): boolean {
    return super.cancelled || this.#owner.ring.isCancelled(this.position);
  }

  override get state(): unknown {
    return this.#owner.state;
  }

  override get progress(): (value: unknown) => void {
    return (value) => this.#owner.progress(this, value);
  }
}
