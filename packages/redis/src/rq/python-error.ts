/** A Python function failed. */
export class PythonError extends Error {
  /** The class of its exception, such as `ValueError`. */
  readonly type: string;
  /** What Python tells of it. */
  readonly traceback: string;

  constructor(traceback: string) {
    const last = traceback.trimEnd().split("\n").at(-1) ?? "";
    const [, type = "Exception", message = ""] = /^([\w.]+)(?:: (.*))?$/.exec(last) ?? [
      "",
      "",
      last,
    ];
    super(message === "" ? type : message);
    this.name = "PythonError";
    this.type = type;
    this.traceback = traceback;
  }
}
