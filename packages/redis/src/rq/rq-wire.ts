import { deflateSync, inflateSync } from "node:zlib";
import { NotCloneableError } from "@quintet/core";
import { MalformedError } from "../queue-errors.ts";
import { PythonError } from "./python-error.ts";
import type { RqRunOptions } from "./rq-types.ts";

/** Where RQ has everything; its prefix cannot be changed. */
export const rqKeys = {
  queues: "rq:queues",
  queue: (name: string): string => `rq:queue:${name}`,
  job: (id: string): string => `rq:job:${id}`,
  results: (id: string): string => `rq:results:${id}`,
  workers: (queue: string): string => `rq:workers:${queue}`,
  control: (worker: string): string => `rq:pubsub:${worker}`,
};

/** Sends a job, unless it is there: a command whose answer was lost is given again. */
export const sendScript = `
  if redis.call("EXISTS", KEYS[1]) == 1 then return 0 end
  redis.call("SADD", KEYS[3], KEYS[2])
  redis.call("HSET", KEYS[1], unpack(ARGV, 2))
  redis.call("RPUSH", KEYS[2], ARGV[1])
  return 1
`;

/** Takes a job out of the queue; else tells who runs it, so that it can be stopped. */
export const cancelScript = `
  if redis.call("LREM", KEYS[2], 1, ARGV[1]) > 0 then
    redis.call("DEL", KEYS[1])
    return { "removed", "" }
  end
  local found = redis.call("HMGET", KEYS[1], "status", "worker_name")
  return { found[1] or "gone", found[2] or "" }
`;

/** The fields of a job's hash. `now` is a date. *Errors*: `NOT_CLONEABLE`. */
export function jobFields(
  queue: string,
  name: string,
  args: readonly unknown[],
  options: RqRunOptions,
  now: number,
): (string | Buffer)[] {
  const { kwargs = {}, timeout, resultTtl = 500_000, failureTtl = 86_400_000 } = options;
  checkJson(args, "args");
  checkJson(kwargs, "kwargs");
  const data = deflateSync(JSON.stringify([name, null, args, kwargs]));
  // RQ's dates have microseconds.
  const date = new Date(now).toISOString().replace("Z", "000Z");
  const fields = {
    data,
    created_at: date,
    enqueued_at: date,
    origin: queue,
    status: "queued",
    description: name,
    timeout: seconds(timeout ?? 180_000),
    result_ttl: seconds(resultTtl),
    failure_ttl: seconds(failureTtl),
  };
  return Object.entries(fields).flat();
}

// Of -1 RQ makes no limit.
const seconds = (milliseconds: number): string =>
  milliseconds === Infinity ? "-1" : `${Math.max(Math.ceil(milliseconds / 1_000), 1)}`;

/** What a worker says of a job's end; nothing where the job goes on. */
export type RqEnding = { readonly value: unknown } | { readonly error: Error } | undefined;

/** Reads an entry of a job's results. */
export function ending(fields: ReadonlyMap<string, string>): RqEnding {
  const [type, value, trace] = [
    fields.get("type"),
    fields.get("return_value"),
    fields.get("exc_string"),
  ];
  // It was tried again.
  if (type === "4") return undefined;
  if (type !== "1") return { error: new PythonError(inflated(trace)) };
  if (value === undefined) return { value: null };
  try {
    return { value: JSON.parse(Buffer.from(value, "base64").toString()) as unknown };
  } catch {
    return {
      error: new MalformedError(
        "The result is no JSON, and pickle is refused, since it can run any code. Start the worker with --serializer rq.serializers.JSONSerializer.",
      ),
    };
  }
}

/** A traceback as it stands in a result: compressed, and in base64. */
function inflated(text: string = ""): string {
  try {
    return inflateSync(Buffer.from(text, "base64")).toString();
  } catch {
    return text;
  }
}

/** *Errors*: `NOT_CLONEABLE`, with the path of what Python would not get as it is. */
function checkJson(value: unknown, path: string, above: readonly unknown[] = []): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  const isPlain =
    Array.isArray(value) ||
    (typeof value === "object" &&
      [Object.prototype, null].includes(Object.getPrototypeOf(value) as null) &&
      !("toJSON" in value));
  if (!isPlain || above.includes(value) || above.length > 500) {
    throw new NotCloneableError(`${path} is not plain JSON, which is all that RQ is sent.`, path);
  }
  for (const [key, part] of Object.entries(value as object)) {
    checkJson(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, [...above, value]);
  }
}
