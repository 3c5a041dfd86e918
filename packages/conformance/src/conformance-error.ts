/** A class of its own that both sides know, because the module of the tasks registers it. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
  readonly code = "E_CONFORMANCE";
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }

  /** Proves that methods came along. */
  isServerError(): boolean {
    return this.status >= 500;
  }
}
