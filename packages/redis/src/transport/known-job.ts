import type { Redis } from "ioredis";
import type { Envelope } from "./protocol.ts";

/** What was known of a job's id when it was sent. */
export type Known = "new" | "there" | "kept" | "contended" | "taken";

/** Nothing is to be sent: its result is there, or the id is about to be another task's. */
export const isSettled = (known: Known | undefined): boolean =>
  known === "kept" || known === "taken";

/** The number of the task of a job that holds one. */
export const numberOf = ({ items }: Envelope): number => items[0]?.n ?? 0;

/** Who has sent a job that holds one task, by its key: the client, and its number for the task. */
export async function senderOf(
  redis: Redis,
  key: string,
): Promise<{ readonly client: string | null; readonly number: number } | undefined> {
  const data = await redis.hget(key, "data");
  if (!data) return undefined;
  const envelope = JSON.parse(data) as Envelope;
  return { client: envelope.to, number: numberOf(envelope) };
}
