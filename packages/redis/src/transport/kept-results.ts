import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { endOf } from "./dependency-scripts.ts";
import type { Frame } from "./protocol.ts";
import type { QueueKeys } from "./queue-keys.ts";

/** How long somebody may wait for a result that is kept. */
const waitLife = 7 * 24 * 3_600_000;

/** A result that is kept under its task's id, as the worker told it. */
export interface KeptResult {
  readonly worker: string;
  /** A frame without its number: kind, and what follows it. */
  readonly frame: readonly [kind: "r" | "e" | "c", ran: number | null, value: unknown];
}

/** What is known of an id when somebody asks for its result. */
export interface Attachment {
  readonly kept: KeptResult | undefined;
  /** The task of the job that has the id, if there is one. */
  readonly task: string | undefined;
  /** There is none yet, but somebody else waits for it, and may be sending this task at this moment. */
  readonly expected: string | undefined;
}

/** Who waits for a result. */
export interface Waiter {
  readonly client: string;
  readonly number: number;
  readonly task: string;
}

const memberOf = ({ client, number, task }: Waiter): string => `${client}|${number}|${task}`;

/**
 * The job of an id: `attempt` is part of it, since a policy that tries again must not get the result it has had.
 * Hashed, because BullMQ takes neither numbers nor colons.
 */
export function jobOfId(id: string, attempt: number = 1): string {
  const text = attempt === 1 ? id : `${id}~${attempt}`;
  return `k${createHash("sha256").update(text).digest("hex").slice(0, 40)}`;
}

// Asking, and joining those who wait, is one step: a result in between would be told to nobody.
const attachScript = `
  local kept = redis.call("GET", KEYS[1])
  if not kept and ARGV[1] ~= "" then
    redis.call("SADD", KEYS[2], ARGV[1])
    redis.call("PEXPIRE", KEYS[2], ARGV[2])
  end
  local task = redis.call("HGET", KEYS[3], "name")
  if kept or task then return { kept, task } end
  -- Nobody has sent it yet; but others may be about to, and perhaps something else.
  for _, member in ipairs(redis.call("SMEMBERS", KEYS[2])) do
    local client, name = string.match(member, "^([^|]+)|%d+|(.*)$")
    if client and member ~= ARGV[1] and redis.call("EXISTS", ARGV[3] .. client) == 1 then
      return { false, false, name }
    end
  end
  return {}
`;

// Who waits has a stream of results; one without was killed, and has not left.
const leaveScript = `
  local others = 0
  for _, member in ipairs(redis.call("SMEMBERS", KEYS[1])) do
    local client = string.match(member, "^([^|]+)|%d+")
    if member ~= ARGV[1] and client then others = others + redis.call("EXISTS", ARGV[2] .. client) end
  end
  if others > 0 or ARGV[3] == "1" then redis.call("SREM", KEYS[1], ARGV[1]) end
  return others
`;

// Keeping a result, and telling all who wait for it, is one step as well; so is noting it for the jobs that do.
const keepScript = `
  ${endOf}
  redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
  for _, member in ipairs(redis.call("SMEMBERS", KEYS[2])) do
    local client, number = string.match(member, "^([^|]+)|(%d+)")
    if client then
      local stream = ARGV[3] .. client
      redis.call("XADD", stream, "*", "w", ARGV[4], "f", '[["' .. ARGV[5] .. '",' .. number .. "," .. ARGV[6] .. "]]")
      if redis.call("PTTL", stream) < 0 then redis.call("PEXPIRE", stream, ARGV[7]) end
    end
  end
  redis.call("DEL", KEYS[2])
  for _, job in ipairs(redis.call("SMEMBERS", KEYS[3])) do
    local needs = ARGV[8] .. job
    if redis.call("EXISTS", needs) == 1 then redis.call("HSET", needs, ARGV[9], endOf(ARGV[1])) end
  end
`;

/** Results that are kept for a while, for tasks with an id of their own. */
export class KeptResults {
  readonly #redis: Redis;
  readonly #keys: QueueKeys;

  constructor(redis: Redis, keys: QueueKeys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  /** Asks for the result of a job; who is not told it now is told later, under `number`. */
  async attach(job: string, waiter?: Waiter): Promise<Attachment> {
    const member = waiter ? memberOf(waiter) : "";
    const keys = [this.#keys.kept(job), this.#keys.waiters(job), this.#keys.job(job)];
    const results = this.#keys.results("");
    const answer = await this.#redis.eval(attachScript, 3, ...keys, member, waitLife, results);
    const [text, name, expected] = answer as (string | null)[];
    const kept = text ? parsedResult(text) : undefined;
    return { kept, task: name ?? undefined, expected: expected ?? undefined };
  }

  /** Whether more than one wait for it. */
  async isContended(job: string): Promise<boolean> {
    return (await this.#redis.scard(this.#keys.waiters(job))) > 1;
  }

  /**
   * Somebody does not wait any more, unless nobody else does and `always` is not set: then the task itself has to be ended,
   * which is still to be heard of. Gives how many others wait.
   */
  async leave(job: string, waiter: Waiter, always: boolean): Promise<number> {
    const [results, flag] = [this.#keys.results(""), always ? "1" : ""];
    const waiters = this.#keys.waiters(job);
    return Number(await this.#redis.eval(leaveScript, 1, waiters, memberOf(waiter), results, flag));
  }

  /** Keeps a result for so many milliseconds, and tells it to who waits. `rest` is what follows a frame's number. */
  async keep(
    job: string,
    worker: string,
    { kind, rest, milliseconds }: { kind: "r" | "e" | "c"; rest: string; milliseconds: number },
  ): Promise<void> {
    const text = `{"worker":${JSON.stringify(worker)},"frame":["${kind}",${rest}]}`;
    const keys = [this.#keys.kept(job), this.#keys.waiters(job), this.#keys.dependents(job)];
    const needs = [this.#keys.needs(""), job];
    const prefix = this.#keys.results("");
    const life = Math.max(Math.round(milliseconds), 1);
    const told = [prefix, worker, kind, rest, 30_000];
    await this.#redis.eval(keepScript, 3, ...keys, text, life, ...told, ...needs);
  }

  async has(job: string): Promise<boolean> {
    return (await this.#redis.exists(this.#keys.kept(job))) === 1;
  }
}

/** The frame of a result that was kept, for one who asked for it under a number. */
export function frameOf({ frame: [kind, ran, value] }: KeptResult, number: number): Frame {
  return [kind, number, ran, value] as Frame;
}

/** A result as it is kept. */
export function parsedResult(text: string): KeptResult | undefined {
  try {
    const kept = JSON.parse(text) as KeptResult;
    return Array.isArray(kept.frame) ? kept : undefined;
  } catch {
    return undefined; // none of ours: as if it were not there
  }
}
