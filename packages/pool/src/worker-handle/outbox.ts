import type { Position } from "../transport/ring-memory.ts";

/** Where an outbox sends. */
export interface OutboxOwner {
  /** Sends an input that does not fit in its slot, if it is still wanted. */
  sendInput(position: Position): void;
  /** Lets the worker see what was put in the ring, before a position or all of it. */
  submit(end?: Position): void;
}

const soon = Promise.resolve();

/** So many runs are shown to the worker before the turn is over: it starts while others are still being given. */
const early = 16;

/** The same for so many that had to be sent an input. */
const earlyInputs = 8;

/** Gathers what one turn of the event loop gives to a worker, so that it is woken once. */
export class Outbox {
  readonly #owner: OutboxOwner;
  #inputs: Position[] = [];
  #due = false;
  /** Some inputs are still to be sent, which are not listed any more. */
  #sending = false;
  /** How many the worker was not shown yet. */
  #posted = 0;

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  /** The input of a run that is put in the ring has to follow. */
  follows(position: Position): void {
    this.#inputs.push(position);
  }

  /** So many runs were put in the ring. */
  posted(count: number): void {
    this.#posted += count;
    // Sending an input may fail, which must not happen in the middle of a call.
    if (this.#posted >= early && this.#inputs.length === 0 && !this.#sending) this.#submit();
    if (this.#due) return;
    this.#due = true;
    void soon.then(this.flush);
  }

  /** Sends everything now. Inputs first: the worker must find them when it comes to their slots. */
  flush = (): void => {
    this.#due = false;
    // Where one cannot be sent, another run may be given in its place, whose input is not sent yet.
    this.#sending = true;
    while (this.#inputs.length > 0) this.#sendInputs(this.#inputs.splice(0));
    this.#sending = false;
    this.#submit();
  };

  #sendInputs(positions: readonly Position[]): void {
    for (const [index, position] of positions.entries()) {
      if (index > 0 && index % earlyInputs === 0) this.#owner.submit(position);
      this.#owner.sendInput(position);
    }
  }

  #submit(): void {
    this.#posted = 0;
    this.#owner.submit();
  }
}
