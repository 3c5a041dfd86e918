import type { Envelope } from "./protocol.ts";

/** What was known of a job's id when it was sent. */
export type Known = "new" | "there" | "kept" | "contended" | "taken";

/** Nothing is to be sent: its result is there, or the id is about to be another task's. */
export const isSettled = (known: Known | undefined): boolean =>
  known === "kept" || known === "taken";

/** The number of the task of a job that holds one. */
export const numberOf = ({ items }: Envelope): number => items[0]?.n ?? 0;
