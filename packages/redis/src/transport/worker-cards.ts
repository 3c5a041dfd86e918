import type { Redis } from "ioredis";
import { answered } from "./connection.ts";
import type { WorkerCard } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";

/** What the workers of a queue say of themselves; those that have ended are forgotten. */
export async function workerCards(redis: Redis, keys: QueueKeys): Promise<WorkerCard[]> {
  const ids = await answered(redis, redis.smembers(keys.workers));
  if (ids.length === 0) return [];
  const cards = await answered(redis, redis.mget(ids.map((id) => keys.worker(id))));
  const ended = ids.filter((_, index) => cards[index] === null);
  if (ended.length > 0) await redis.srem(keys.workers, ...ended);
  return cards.flatMap((card) => (card ? cardOf(card) : []));
}

/** Anybody may have written it: one that is damaged hides none of the others. */
function cardOf(text: string): WorkerCard[] {
  try {
    const card = JSON.parse(text) as Partial<WorkerCard> | null;
    return typeof card?.id === "string" && Array.isArray(card.tasks) ? [card as WorkerCard] : [];
  } catch {
    return [];
  }
}
