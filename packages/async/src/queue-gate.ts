/**
 * Takes one waiting task out of p-queue. It has the part of an `AbortSignal` that p-queue uses;
 * a controller for every task would cost more than the rest of its way through the queue.
 */
export class QueueGate {
  aborted = false;
  reason: unknown;
  #listener: (() => void) | undefined;

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listener = listener;
  }

  removeEventListener(): void {
    this.#listener = undefined;
  }

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#listener?.();
  }
}
