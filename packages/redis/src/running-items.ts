import { decodeError } from "./decode-value.ts";
import type { ItemRun } from "./item-run.ts";
import { itemKey } from "./item-terms.ts";
import type { Control } from "./protocol.ts";
import { Remembered } from "./remembered.ts";
import type { WorkerLink } from "./transport.ts";

/** The tasks that run on a worker, and what their clients tell them. */
export class RunningItems {
  readonly #link: Pick<WorkerLink, "cancelled">;
  readonly #runs = new Map<string, ItemRun>();
  /** Cancellations of tasks that do not run here: one may overtake its task. */
  readonly #early = new Remembered<unknown>();

  constructor(link: Pick<WorkerLink, "cancelled">) {
    this.#link = link;
  }

  get size(): number {
    return this.#runs.size;
  }

  /** One is about to run; it may have been cancelled already. */
  add(run: ItemRun): void {
    this.#runs.set(run.key, run);
    if (!this.#early.has(run.key)) return;
    run.abort(this.#early.get(run.key));
    this.#early.delete(run.key);
  }

  delete(run: ItemRun): void {
    this.#runs.delete(run.key);
  }

  abortAll(reason: unknown): void {
    for (const run of this.#runs.values()) run.abort(reason);
  }

  /** What came over the control channel. */
  take(control: Control): void {
    const key = itemKey(control.to, control.n);
    const run = this.#runs.get(key);
    if (control.type === "grant") run?.grant(control.total);
    if (control.type !== "cancel") return;
    const reason = decoded(control.reason);
    if (run) run.abort(reason);
    else this.#early.set(key, reason);
  }

  /** Looks in Redis for cancellations: one may have been lost with a connection, or with another worker. */
  async look(runs: Iterable<ItemRun> = this.#runs.values()): Promise<void> {
    const sent = [...runs].filter(({ envelope }) => envelope.to !== null);
    const tasks = sent.map(({ envelope, item }) => ({ to: envelope.to as string, n: item.n }));
    for (const [index, reason] of (await this.#link.cancelled(tasks)).entries()) {
      if (reason !== undefined) sent[index]?.abort(decoded(reason));
    }
  }
}

function decoded(reason: unknown): unknown {
  try {
    return decodeError(reason);
  } catch (error) {
    return error;
  }
}
