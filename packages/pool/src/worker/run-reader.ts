import { CreditGate, type TaskCall } from "@quintet/core/kit";
import { Wish } from "../codec/protocol.ts";
import type { Position } from "../transport/ring-memory.ts";
import type { ArrivedInput, Mailbox } from "./mailbox.ts";
import type { TaskEntry } from "./task-table.ts";
import { type ContextOwner, WorkerContext } from "./worker-context.ts";

/** Reads what the ring, and messages beside it, tell of the next run. */
export class RunReader {
  /** What the run that was read last asks for beside its result, and what came for it by message. */
  wishes = 0;
  arrived: ArrivedInput | undefined;
  readonly #owner: ContextOwner;
  readonly #mailbox: Mailbox;
  /** What it is of, and its number: those like it follow. */
  #entry: TaskEntry | undefined;
  #number = 0;

  constructor(owner: ContextOwner, mailbox: Mailbox) {
    this.#owner = owner;
    this.#mailbox = mailbox;
  }

  /** The code of the run at the next position, where that is like the one before and the code is loaded. */
  callOfAlike(position: Position): TaskCall | undefined {
    return this.#entry && this.#owner.ring.isAlike(position) ? this.#entry.call : undefined;
  }

  /** The run at the next position, which is like the one before. */
  readAlike(position: Position): WorkerContext {
    return new WorkerContext(this.#owner, position, this.#entry as TaskEntry, ++this.#number);
  }

  /** The run at the next position; nothing while a message has to come first. */
  read(position: Position): WorkerContext | undefined {
    if (!this.#entry || !this.#owner.ring.isAlike(position)) return this.#readTold(position);
    this.wishes = 0;
    this.arrived = undefined;
    return this.readAlike(position);
  }

  #readTold(position: Position): WorkerContext | undefined {
    const { ring } = this.#owner;
    const entry = this.#mailbox.task(ring.task(position));
    if (!entry) return undefined;
    const byMessage = ring.inMessage(position);
    const arrived = byMessage ? this.#mailbox.input(position) : undefined;
    if (byMessage && !arrived) return undefined;
    this.wishes = ring.wishes(position);
    this.arrived = arrived;
    this.#entry = entry;
    this.#number = ring.numberAt(position);
    const ownId = arrived && "error" in arrived ? undefined : arrived?.[3];
    const gate = this.wishes & Wish.items ? new CreditGate(ring.window(position)) : undefined;
    const attempt = ring.attempt(position);
    return new WorkerContext(this.#owner, position, entry, this.#number, ownId, attempt, gate);
  }
}
