import type { Executor, Names } from "@quintet/core";
import { systemClock } from "@quintet/core/kit";
import { encodeError, encodeValue } from "../values/encode-value.ts";
import type { FrameOutbox, Start } from "./frame-outbox.ts";
import type { Envelope } from "../transport/protocol.ts";
import { TooLargeError } from "../queue-errors.ts";
import type { FetchedJob, WorkerLink } from "../transport/transport.ts";

/** What runs items. */
export interface ItemPlace {
  /** The queue's name, which ids begin with. */
  readonly queue: string;
  readonly on: Executor;
  /** The names of the queue, for its tasks. */
  readonly names: Names | undefined;
  readonly outbox: FrameOutbox;
  readonly keep: WorkerLink["keep"];
  /** Bytes of an encoded result. */
  readonly maxResult: number;
}

/** Tells the client of one task what becomes of it. What resolves, does so when it is safe in Redis. */
export class ItemReporter implements Start {
  readonly #envelope: Envelope;
  readonly #n: number;
  readonly #job: string;
  readonly #delivery: number;
  readonly #place: ItemPlace;
  #since = 0;
  #attempt = 1;
  #run: { isDue(): boolean } | undefined;

  constructor(envelope: Envelope, n: number, job: FetchedJob, place: ItemPlace) {
    this.#envelope = envelope;
    this.#n = n;
    this.#job = job.id;
    this.#delivery = job.deliveries;
    this.#place = place;
  }

  /** It begins; `run` knows whether its function really runs. */
  start(attempt: number, run: { isDue(): boolean }): void {
    this.#since = systemClock.now();
    this.#attempt = attempt;
    this.#run = run;
    this.#place.outbox.start(this.#envelope.to, this.#n, this);
  }

  isDue(): boolean {
    return this.#run?.isDue() ?? false;
  }

  /** What tells of its start. */
  get frame(): string {
    return `["s",${this.#n},${this.#attempt},${this.#delivery}]`;
  }

  requeued(why: "retried" | "failed" | "moved"): Promise<void> {
    return this.#tell(JSON.stringify(["q", this.#n, why]));
  }

  /** *Errors*: `NOT_CLONEABLE`, at once. */
  progress(value: unknown): Promise<void> {
    return this.#tellValue("p", encodeValue(value, "progress").json);
  }

  /** *Errors*: `NOT_CLONEABLE`, at once. */
  item(value: unknown): Promise<void> {
    return this.#tellValue("i", encodeValue(value, "item").json);
  }

  completed(value: unknown): Promise<void> {
    const ran = this.#ran;
    try {
      return this.#end("r", `${ran},${this.#encodeResult(value)}`);
    } catch (error) {
      return this.#endWith("e", ran, error);
    }
  }

  failed(error: unknown): Promise<void> {
    return this.#endWith("e", this.#ran, error);
  }

  /** Its caller did not want it any more, and it has ended. */
  cancelled(reason: unknown): Promise<void> {
    return this.#endWith("c", this.#ran, reason);
  }

  neverRan(reason: unknown, wasCancelled: boolean): Promise<void> {
    return this.#endWith(wasCancelled ? "c" : "e", null, reason);
  }

  get #ran(): number {
    return systemClock.now() - this.#since;
  }

  #encodeResult(value: unknown): string {
    const text = JSON.stringify(encodeValue(value, "result").json);
    const { maxResult } = this.#place;
    const bytes = text.length * 3 > maxResult ? Buffer.byteLength(text) : 0;
    if (bytes <= maxResult) return text;
    throw new TooLargeError(
      `The result of ${this.#envelope.task} takes ${bytes} bytes, and its worker sends ${maxResult} at most (maxResult). ` +
        `Give a reference to where it is instead.`,
    );
  }

  #tellValue(kind: "p" | "i", json: unknown): Promise<void> {
    return this.#tell(`["${kind}",${this.#n},${this.#delivery},${JSON.stringify(json)}]`);
  }

  #tell(frame: string): Promise<void> {
    return this.#place.outbox.tell(this.#envelope.to, this.#n, frame);
  }

  #endWith(kind: "e" | "c", ran: number | null, error: unknown): Promise<void> {
    return this.#end(kind, `${ran},${JSON.stringify(encodeError(error).json)}`);
  }

  #end(kind: "r" | "e" | "c", rest: string): Promise<void> {
    const { to, keep } = this.#envelope;
    if (keep !== undefined) return this.#place.keep(this.#job, { kind, rest, milliseconds: keep });
    return this.#place.outbox.end(to, this.#n, `["${kind}",${this.#n},${rest}]`);
  }
}
