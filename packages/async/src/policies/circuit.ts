import { CircuitOpenError, type Inspection, type Party } from "@quintet/core";
import { type Clock, ParkingLot, Primitive, reportUncaught } from "@quintet/core/kit";
import type { FailureTrip } from "./failure-trip.ts";

/** Lets all calls through, none, or a few to see how it stands. */
export type CircuitState = "closed" | "open" | "half-open";

/** What a circuit is made of. */
export interface CircuitTerms {
  readonly trip: FailureTrip;
  readonly cooldown: number;
  readonly probes: number;
  /** Whether calls wait for the probes instead of being rejected. */
  readonly waits: boolean;
  readonly onStateChange: ((state: CircuitState) => void) | undefined;
  readonly clock: Clock;
}

/** The period that a call belongs to: from one change of state to the next. */
export type Ticket = number;

/** The state of a circuit breaker. Time is only looked at when there is a call, so there is no timer. */
export class Circuit extends Primitive {
  readonly #terms: CircuitTerms;
  #state: CircuitState = "closed";
  #period: Ticket = 0;
  /** When it was opened, or let the last probe through. */
  #since = 0;
  #probing = 0;
  #passed = 0;
  #lastFailure: unknown;
  readonly #lot: ParkingLot<Ticket> = new ParkingLot(this, "probe");

  constructor(terms: CircuitTerms) {
    super("circuitBreaker", { clock: terms.clock });
    this.#terms = terms;
  }

  /** How it stands now. */
  get current(): CircuitState {
    return this.#state === "open" && this.#left() <= 0 ? "half-open" : this.#state;
  }

  /** Lets a call through, or not: then `enter` says why, or waits. */
  tryEnter(): Ticket | undefined {
    if (this.#state === "closed") return this.#period;
    if (this.#state === "open") {
      if (this.#left() > 0) return undefined;
      this.#turn("half-open");
    }
    this.#letNext(); // who waits comes before who comes
    return this.#mayProbe() ? this.#probe() : undefined;
  }

  /** *Errors*: `CIRCUIT_OPEN`; the signal's reason. */
  async enter(signal: AbortSignal): Promise<Ticket> {
    if (this.#state === "open" || !this.#terms.waits) throw this.#refusal();
    return this.#lot.park(undefined, { signal });
  }

  /** Takes what a call that was let through has come to. */
  leave(ticket: Ticket, verdict: "success" | "failure" | "neither", failure: unknown): void {
    if (ticket !== this.#period) return; // it says how things stood before
    const { trip, probes } = this.#terms;
    if (verdict === "failure") this.#lastFailure = failure;
    if (this.#state === "closed") {
      if (verdict !== "neither" && trip.record(verdict === "failure")) this.#open();
      return;
    }
    this.#probing--;
    if (verdict === "failure") this.#open();
    else if (verdict === "success" && ++this.#passed >= probes) this.#close();
    else this.#letNext();
  }

  protected override state(): Inspection["state"] {
    const open = this.current === "open";
    return { open, probing: this.#probing, waiting: this.#lot.size };
  }

  protected override waiters(): Party[] {
    return this.#lot.parties();
  }

  #left(): number {
    return this.#since + this.#terms.cooldown - this.clock.now();
  }

  /** Also when those under way have not been heard of for a whole cooldown: one that hangs must not decide. */
  #mayProbe(): boolean {
    return this.#probing + this.#passed < this.#terms.probes || this.#left() <= 0;
  }

  #probe(): Ticket {
    this.#probing++;
    this.#since = this.clock.now();
    return this.#period;
  }

  #letNext(): void {
    while (this.#lot.size > 0 && this.#mayProbe()) this.#lot.first?.grant(this.#probe());
  }

  #open(): void {
    this.#since = this.clock.now();
    this.#turn("open");
    while (this.#lot.size > 0) this.#lot.first?.refuse(this.#refusal());
  }

  #close(): void {
    this.#terms.trip.clear();
    this.#lastFailure = undefined;
    this.#turn("closed");
    this.#lot.grantAll(this.#period);
  }

  #turn(state: CircuitState): void {
    this.#state = state;
    this.#period++;
    this.#probing = this.#passed = 0;
    try {
      this.#terms.onStateChange?.(state);
    } catch (error) {
      reportUncaught(error); // whoever waits still has to be told
    }
  }

  #refusal(): CircuitOpenError {
    const retryAfter = Math.max(0, this.#left());
    const when = this.#state === "open" ? `for ${Math.ceil(retryAfter)} ms more` : "but for probes";
    return new CircuitOpenError(
      `The circuit is open ${when}, because too many calls have failed; cause is the last failure.`,
      { retryAfter },
      { cause: this.#lastFailure },
    );
  }
}
