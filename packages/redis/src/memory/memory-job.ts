import { type Timer, WaitPlace } from "@quintet/core/kit";
import { checkEnvelope, type Envelope } from "../transport/protocol.ts";
import type { FetchedJob, FoundJob, OutgoingJob } from "../transport/transport.ts";

/** A job of a queue in memory. */
export class MemoryJob extends WaitPlace {
  readonly id: string;
  readonly task: string;
  /** Lower ones first. */
  readonly rank: number;
  state: FoundJob["state"] = "queued";
  /** Its envelope: as text, so that who sent it and who runs it share nothing. */
  #text: string;
  /** Ends its delay. */
  timer: Timer | undefined;
  /** Why it is among the dead letters. */
  reason = "";
  losses = 0;
  lossesAlone = 0;
  deliveries = 0;
  /** How often a worker put it aside for something that was not there. */
  timesAside = 0;
  /** The numbers of its tasks that must not start. */
  readonly withdrawn: Set<number> = new Set();

  /** Called when a worker takes it. */
  readonly onTaken: (() => void) | undefined;

  constructor({ id, envelope, level }: OutgoingJob, onTaken?: () => void) {
    super();
    this.onTaken = onTaken;
    this.id = id;
    this.task = envelope.task;
    this.rank = level;
    this.#text = JSON.stringify(envelope);
  }

  /** A copy, which may be anything: whoever takes it has to check it. */
  get data(): unknown {
    return JSON.parse(this.#text);
  }

  replace(envelope: Envelope): void {
    this.#text = JSON.stringify(envelope);
  }

  get found(): FoundJob {
    return { state: this.state, envelope: checkEnvelope(this.data), reason: this.reason };
  }

  get fetched(): FetchedJob {
    const { id, data, rank, losses, deliveries } = this;
    return { id, data, level: rank, losses, deliveries };
  }
}
