import {
  type ControlOrder,
  type InputOrder,
  Order,
  wakeUp,
  type WorkerOrder,
} from "../codec/protocol.ts";
import type { Position } from "../transport/ring-memory.ts";
import { type TaskEntry, TaskTable } from "./task-table.ts";

/** An input that came by message, or why it cannot be read. */
export type ArrivedInput = InputOrder | { readonly error: unknown };

/** Who gets the other messages. */
export interface MailboxOwner {
  /** Takes the next message that has arrived, if there is one. Throws when it cannot be read. */
  take(): WorkerOrder | undefined;
  /** Acts upon a message about the task that runs, or about the worker itself. */
  obey(order: ControlOrder): void;
}

/** What came by message beside the ring: what the tasks are, and inputs that do not fit in a slot. */
export class Mailbox {
  readonly #owner: MailboxOwner;
  readonly #table = new TaskTable();
  /** In the order of the ring. */
  readonly #inputs: ArrivedInput[] = [];

  constructor(owner: MailboxOwner) {
    this.#owner = owner;
  }

  /** Takes a message. */
  receive(order: WorkerOrder): void {
    if (order === wakeUp) return;
    if (order[0] === Order.register) this.#table.register(order);
    else if (order[0] === Order.input) this.#inputs.push(order);
    else this.#owner.obey(order);
  }

  /** A message arrived that cannot be read: an input, or the reason of a cancel, which the task sees without. */
  unreadable(error: unknown): void {
    this.#inputs.push({ error });
  }

  /** Takes what has arrived and was not handed over yet. */
  catchUp(): void {
    while (this.#takeNext());
  }

  /** The input for a position, or why it cannot be read; nothing while it has not arrived. */
  input(position: Position): ArrivedInput | undefined {
    for (;;) {
      const first = this.#inputs[0];
      if (first && !("error" in first) && first[1] === position) return this.#inputs.shift();
      // What cannot be read was no input where the input is behind it.
      if (first && (!("error" in first) || this.#has(position))) this.#inputs.shift();
      else if (!this.#takeNext()) return this.#inputs.shift();
    }
  }

  #has(position: Position): boolean {
    return this.#inputs.some((arrived) => !("error" in arrived) && arrived[1] === position);
  }

  /** What a task number stands for, if that has arrived. */
  task(number: number): TaskEntry | undefined {
    for (;;) {
      const entry = this.#table.get(number);
      if (entry || !this.#takeNext()) return entry;
    }
  }

  #takeNext(): boolean {
    try {
      const order = this.#owner.take();
      if (order === undefined) return false;
      this.receive(order);
    } catch (error) {
      this.unreadable(error);
    }
    return true;
  }
}
