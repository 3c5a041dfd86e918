import type { Clock } from "@quintet/core/kit";

/** What a desk is told. */
export interface DeskOptions {
  /** Milliseconds after which others get what a desk has that is silent. Default: 15,000. */
  readonly lease?: number;
  /** Milliseconds Redis may say nothing of a question. */
  readonly patience: number;
  /** Bytes of an encoded value. */
  readonly maxValue: number;
  readonly onError: (error: Error) => void;
  /** Told when anybody begins to wait for an answer, and when nobody does any more. */
  readonly onBusy?: () => void;
  readonly clock?: Clock;
}
