import {
  type Call,
  DroppedError,
  type Inspection,
  type Operation,
  type Party,
} from "@quintet/core";
import { ParkingLot, Primitive } from "@quintet/core/kit";
import { asCancelled } from "./cancelled.ts";
import { holding } from "./holding.ts";
import { Leg, started } from "./leg.ts";

/** What becomes of calls that come while one runs. */
export type OverlapMode = "queue" | "drop" | "restart" | "latest";

/** Calls of which one runs at a time. */
export class Lane extends Primitive {
  readonly #mode: OverlapMode;
  readonly #onIdle: () => void;
  readonly #lot = new ParkingLot(this, "turn");
  #isTaken = false;
  /** The number of the newest call. */
  #newest = 0;
  /** Gives up the one that runs. */
  #giveUp: ((reason: unknown) => void) | undefined;

  constructor(mode: OverlapMode, onIdle: () => void) {
    super("overlap", undefined);
    this.#mode = mode;
    this.#onIdle = onIdle;
  }

  async run<Input, Output>(
    next: Operation<Input, Output>,
    input: Input,
    call: Call,
  ): Promise<Output> {
    const number = ++this.#newest;
    if (this.#isTaken) await this.#turn(call.signal);
    this.#isTaken = true;
    return await holding(
      this.#place,
      this.#mode === "restart"
        ? (same, inner) => this.#restartable(next, same, inner, number)
        : next,
      input,
      call,
    );
  }

  protected override state(): Inspection["state"] {
    return { taken: this.#isTaken, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#mode === "drop") throw dropped("Another call is under way.");
    if (this.#mode !== "queue") {
      this.#lot.first?.refuse(superseded()); // no more than one waits
      this.#giveUp?.(superseded());
    }
    return this.#lot.park(undefined, { signal });
  }

  /** Its turn is handed over, so that nobody can come in between. */
  readonly #place = {
    release: (): void => {
      this.#giveUp = undefined;
      if (this.#lot.first?.grant()) return;
      this.#isTaken = false;
      this.#onIdle();
    },
  };

  async #restartable<Input, Output>(
    next: Operation<Input, Output>,
    input: Input,
    call: Call,
    number: number,
  ): Promise<Output> {
    // A newer one may have come since this one was let in,
    if (number !== this.#newest) throw superseded();
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    const leg = new Leg((inner) => started(next, input, inner), call, resolve, reject);
    this.#giveUp = (reason) => {
      leg.giveUp(reason);
      reject(reason);
    };
    // or while it began.
    if (number !== this.#newest) this.#giveUp(superseded());
    try {
      return await promise;
    } catch (error) {
      throw asCancelled(error, call.signal);
    }
  }
}

const dropped = (message: string): DroppedError => new DroppedError(`overlap(): ${message}`);
const superseded = (): DroppedError => dropped("A newer call has come.");
