import { decodeError } from "../values/decode-value.ts";
import type { ItemRun } from "./item-run.ts";
import { itemKey } from "./item-terms.ts";
import type { Control } from "../transport/protocol.ts";
import { Remembered } from "./remembered.ts";
import type { WorkerLink } from "../transport/transport.ts";

/** The tasks that run on a worker, and what their clients tell them. */
export class RunningItems {
  readonly #link: Pick<WorkerLink, "cancelled">;
  /** Several have one key where a task is repeated, or its job came back while it still runs. */
  readonly #byKey = new Map<string, ItemRun | Set<ItemRun>>();
  #size = 0;
  /** Cancellations of tasks that do not run here: one may overtake its task. */
  readonly #early = new Remembered<unknown>();

  constructor(link: Pick<WorkerLink, "cancelled">) {
    this.#link = link;
  }

  get size(): number {
    return this.#size;
  }

  /** One is about to run; it may have been cancelled already. */
  add(run: ItemRun): void {
    const alike = this.#byKey.get(run.key);
    if (alike instanceof Set) alike.add(run);
    else this.#byKey.set(run.key, alike ? new Set([alike, run]) : run);
    this.#size++;
    if (!this.#early.has(run.key)) return;
    run.abort(this.#early.get(run.key));
    this.#early.delete(run.key);
  }

  delete(run: ItemRun): void {
    const alike = this.#byKey.get(run.key);
    const isOther = alike instanceof Set && alike.delete(run) && alike.size > 0;
    if (!isOther) this.#byKey.delete(run.key);
    this.#size--;
  }

  abortAll(reason: unknown): void {
    for (const run of this.#all()) run.abort(reason);
  }

  /** What came over the control channel. */
  take(control: Control): void {
    const key = itemKey(control.to, control.n);
    const runs = listed(this.#byKey.get(key));
    if (control.type === "grant") for (const run of runs) run.grant(control.total);
    if (control.type !== "cancel") return;
    const reason = decoded(control.reason);
    if (runs.length === 0) this.#early.set(key, reason);
    for (const run of runs) run.abort(reason);
  }

  /** Looks in Redis for cancellations: one may have been lost with a connection, or with another worker. */
  async look(runs: Iterable<ItemRun> = this.#all()): Promise<void> {
    const sent = [...runs].filter(({ envelope }) => envelope.to !== null);
    const tasks = sent.map(({ envelope, item }) => ({ to: envelope.to as string, n: item.n }));
    for (const [index, reason] of (await this.#link.cancelled(tasks)).entries()) {
      if (reason !== undefined) sent[index]?.abort(decoded(reason));
    }
  }

  #all(): ItemRun[] {
    return [...this.#byKey.values()].flatMap(listed);
  }
}

const listed = (alike: ItemRun | Set<ItemRun> | undefined): readonly ItemRun[] => {
  if (alike instanceof Set) return [...alike];
  return alike ? [alike] : [];
};

function decoded(reason: unknown): unknown {
  try {
    return decodeError(reason);
  } catch (error) {
    return error;
  }
}
