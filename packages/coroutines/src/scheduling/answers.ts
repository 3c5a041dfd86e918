/** Who waits for one promise after the other. */
export interface Answered {
  /** Whether it waits right now. */
  readonly awaits: boolean;
  fulfilled(value: unknown): void;
  rejected(error: unknown): void;
}

/** Takes the answers to what somebody waits for: two functions for all waits, until one of them is left unanswered. */
export class Answers {
  /** Whether who waited for an answer goes on without it. */
  isLate = false;
  readonly onFulfilled: (value: unknown) => void;
  readonly onRejected: (error: unknown) => void;

  constructor(who: Answered) {
    this.onFulfilled = (value) => {
      if (!this.isLate && who.awaits) who.fulfilled(value);
    };
    this.onRejected = (error) => {
      if (!this.isLate && who.awaits) who.rejected(error);
    };
  }
}
