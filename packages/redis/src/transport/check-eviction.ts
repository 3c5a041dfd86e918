import type { Redis } from "ioredis";
import { UnreachableError } from "../queue-errors.ts";

/** *Errors*: `UNREACHABLE` where Redis may throw away jobs when it is full. */
export async function checkEviction(redis: Redis): Promise<void> {
  const [, policy = "noeviction"] =
    /^maxmemory_policy:(\S+)/m.exec(await redis.info("memory")) ?? [];
  if (policy === "noeviction") return;
  throw new UnreachableError(
    `Redis may throw away jobs when its memory is full: its maxmemory-policy is ${policy}. ` +
      `Set it to noeviction, or give serve() the option allowEviction.`,
  );
}
