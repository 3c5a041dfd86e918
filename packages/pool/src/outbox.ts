import type { Position } from "./ring-memory.ts";

/** Where an outbox sends. */
export interface OutboxOwner {
  /** Sends an input that does not fit in its slot, if it is still wanted. */
  sendInput(position: Position): void;
  /** Lets the worker see what was put in the ring. */
  submit(): void;
}

const soon = Promise.resolve();

/** Gathers what one turn of the event loop gives to a worker, so that it is woken once. */
export class Outbox {
  readonly #owner: OutboxOwner;
  #inputs: Position[] = [];
  #due = false;

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  /** A run was put in the ring; `byMessage` when its input has to follow. */
  post(position: Position, byMessage: boolean): void {
    if (byMessage) this.#inputs.push(position);
    if (this.#due) return;
    this.#due = true;
    void soon.then(this.flush);
  }

  /** Sends everything now. Inputs first: the worker must find them when it comes to their slots. */
  flush = (): void => {
    this.#due = false;
    // Where one cannot be sent, another run may be given in its place, whose input is not sent yet.
    while (this.#inputs.length > 0)
      for (const position of this.#inputs.splice(0)) this.#owner.sendInput(position);
    this.#owner.submit();
  };
}
