import { isPrimitive } from "./codec.ts";
import { Order, type RunOrder, type WorkerOrder } from "./protocol.ts";

/** Where an outbox sends, and whom it asks. */
export interface OutboxOwner {
  send(orders: readonly WorkerOrder[]): void;
  /** Sends one run by itself; deals with an input that cannot travel. */
  sendRun(order: RunOrder): void;
  /** Whether a run is still wanted. */
  isWanted(order: RunOrder): boolean;
  /** Whether values move with a run. */
  isMoving(order: RunOrder): boolean;
}

/**
 * Gathers the orders of one turn of the event loop: those with plain inputs go in one message, each other one by
 * itself, because values in one message keep their shared identity, and one that cannot travel or move must fail alone.
 */
export class Outbox {
  readonly #owner: OutboxOwner;
  #orders: WorkerOrder[] = [];

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  post(order: WorkerOrder): void {
    if (this.#orders.push(order) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const orders = this.#orders;
    this.#orders = [];
    let batch: WorkerOrder[] = [];
    const sendBatch = (): void => {
      if (batch.length > 0) this.#owner.send(batch);
      batch = [];
    };
    for (const order of orders) {
      if (order[0] !== Order.run) batch.push(order);
      else if (!this.#owner.isWanted(order)) continue;
      else if (isPrimitive(order[8]) && !this.#owner.isMoving(order)) batch.push(order);
      else {
        sendBatch();
        this.#owner.sendRun(order);
      }
    }
    sendBatch();
  }
}
