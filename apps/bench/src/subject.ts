/** Somebody who does the work, and is measured at it. */
export interface Subject {
  readonly name: string;
  /** `ours`; a `peer` to compare with; or a `floor`: the least that the platform itself takes. */
  readonly kind: "ours" | "peer" | "floor";
  readonly version: string;
}
