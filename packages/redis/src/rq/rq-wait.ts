/** A job that is waited for. */
export interface RqWait {
  readonly id: string;
  readonly name: string;
  /** When it was sent, on the system's clock. */
  readonly since: number;
  /** Redis has it. */
  isSent: boolean;
  /** The last entry of its results that was read. */
  last: string;
  /** It was looked for once, and had ended without a result: that may be on its way. */
  missing: boolean;
  readonly settle: (ending: { value: unknown } | { error: unknown }) => void;
}
