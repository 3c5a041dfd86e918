/** What an executor promises; the conformance suite tests each both ways. */
export interface Traits {
  /** What stands between a task and its caller. */
  readonly isolation: "none" | "thread" | "process" | "machine";
  /** Tasks use several cores. */
  readonly parallel: boolean;
  /** A task that does not listen to its signal is stopped with its worker, `grace` milliseconds after the abort. */
  readonly preemptive: boolean;
  /** Accepted tasks survive the end of this process. */
  readonly durable: boolean;
  /** How values travel: not at all, by structured clone, or encoded with a documented set of types. */
  readonly values: "reference" | "clone" | "encoded";
  /** Takes plain functions and closures; otherwise they are refused with `NOT_SUPPORTED`. */
  readonly closures: boolean;
  /** Takes tasks made by `inline()`; otherwise they are refused with `NOT_SUPPORTED`. */
  readonly inline: boolean;
  /** Takes the `transfer` option; otherwise it is refused with `NOT_SUPPORTED`. */
  readonly transfer: boolean;
  /** A `SharedArrayBuffer` is the same memory for caller and task; otherwise it is refused with `NOT_CLONEABLE`. */
  readonly sharedMemory: boolean;
  /** Takes the `key` option; otherwise it is refused with `NOT_SUPPORTED`. */
  readonly keyed: boolean;
  /** Takes the `onOutput` option; otherwise it is refused with `NOT_SUPPORTED`. */
  readonly output: boolean;
}
