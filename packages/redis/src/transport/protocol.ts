import { MalformedError } from "../queue-errors.ts";
import type { WireTrace } from "../trace-context.ts";

/** The version of what is written here; what is newer is among the dead letters, and says so. */
export const protocolVersion = 1;

/** One task of a job, as it stands in Redis. */
export interface WireItem {
  /** The client's number for it. */
  readonly n: number;
  /** Encoded. */
  readonly input: unknown;
  /** Where it is not made of the client and the number. */
  readonly id?: string;
  /** Where it is not the first. */
  readonly attempt?: number;
  /** Where its caller has a context of OpenTelemetry. */
  readonly trace?: WireTrace;
}

/** What a job of the queue holds: one task, or several of one kind. It names code only by a task's id. */
export interface Envelope {
  readonly v: number;
  readonly task: string;
  /** Whose result stream the results go to; nobody's where nobody waits. */
  readonly to: string | null;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  readonly items: readonly WireItem[];
  /** Longest running time of each. */
  readonly timeout?: number;
  /** In milliseconds since 1970: not to be started later, because it is too old or was due. */
  readonly expires?: number;
  readonly deadline?: number;
  readonly startBy?: number;
  /** How often it may lose its worker; where nobody said so, a few times. */
  readonly retries?: number;
  /** How its own errors are retried. */
  readonly retry?: WireRetry;
  /** It is a stream; so many items may be under way. */
  readonly window?: number;
  /** Its result is kept for so many milliseconds, under its id. */
  readonly keep?: number;
  /** It shared a worker that was lost: it runs alone. */
  readonly suspect?: boolean;
  /** It was in another job before, and may have been cancelled on its way here. */
  readonly moved?: boolean;
  /** The ids of tasks that have to end before it may start. */
  readonly after?: readonly string[];
  /** It starts however those have ended. */
  readonly anyway?: boolean;
  /** The version of the task that it needs. */
  readonly version?: number;
}

/** How often a task that fails by itself is run, and milliseconds before the next time. */
export interface WireRetry {
  readonly attempts: number;
  readonly delay: number;
  readonly factor: number;
  readonly most: number;
}

/**
 * What a worker tells a client of a task, by its number:
 *
 * - `s`: it has started: attempt, and which delivery of the job this is.
 * - `r`: its result, and for how many milliseconds it ran.
 * - `e`: its error, and for how many milliseconds it ran; none when it never started.
 * - `c`: it was cancelled and has ended: for how many milliseconds it ran, and the reason.
 * - `q`: it is back in the queue: `retried` after its worker was lost, `failed` by itself, or `moved` unstarted.
 * - `j`: it is in another job now, whose id this is.
 * - `p`, `i`: a progress or an item of the delivery.
 */
export type Frame =
  | readonly ["s", number, number, number]
  | readonly ["r", number, number, unknown]
  | readonly ["e" | "c", number, number | null, unknown]
  | readonly ["q", number, "retried" | "failed" | "moved"]
  | readonly ["j", number, string]
  | readonly ["p" | "i", number, number, unknown];

/** What a client tells workers, on the control channel. */
export type Control =
  | {
      readonly type: "cancel";
      readonly to: string | null;
      readonly n: number;
      readonly reason: unknown;
    }
  | { readonly type: "grant"; readonly to: string; readonly n: number; readonly total: number };

/** What a worker says of itself. */
export interface WorkerCard {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  readonly running: number;
  readonly tasks: readonly string[];
  /** Of those that have one, their versions. */
  readonly versions?: Readonly<Record<string, number>>;
  /** When it started, in milliseconds since 1970. */
  readonly since: number;
}

const isNumber = (value: unknown): boolean => typeof value === "number";
const isOptional =
  (test: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || test(value);

const fields: { readonly [Key in keyof Required<Envelope>]: (value: unknown) => boolean } = {
  v: isNumber,
  task: (value) => typeof value === "string",
  to: (value) => value === null || (typeof value === "string" && /^[\w-]{1,64}$/.test(value)),
  at: isNumber,
  items: (value) => Array.isArray(value) && value.length > 0 && value.every(isItem),
  timeout: isOptional(isNumber),
  expires: isOptional(isNumber),
  deadline: isOptional(isNumber),
  startBy: isOptional(isNumber),
  retries: isOptional(isNumber),
  retry: isOptional(isRetry),
  window: isOptional((value) => Number.isInteger(value) && (value as number) > 0),
  keep: isOptional(isNumber),
  suspect: isOptional((value) => typeof value === "boolean"),
  moved: isOptional((value) => typeof value === "boolean"),
  after: isOptional((value) => Array.isArray(value) && value.every((id) => typeof id === "string")),
  anyway: isOptional((value) => typeof value === "boolean"),
  version: isOptional(isNumber),
};

function isItem(value: unknown): boolean {
  const { n, id, attempt, trace } = Object(value) as Partial<WireItem>;
  return (
    Number.isSafeInteger(n) &&
    isOptional((it) => typeof it === "string")(id) &&
    isOptional((it) => Number.isSafeInteger(it))(attempt) &&
    isOptional(isTrace)(trace)
  );
}

function isTrace(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((it) => typeof it === "string")
  );
}

function isRetry(value: unknown): boolean {
  const { attempts, delay, factor, most } = Object(value) as Partial<WireRetry>;
  return [attempts, delay, factor, most].every(isNumber);
}

/** What a job holds, once it was looked at. *Errors*: `MALFORMED`, naming the field. */
export function checkEnvelope(data: unknown): Envelope {
  const envelope = Object(data) as Envelope;
  if (typeof envelope.v === "number" && envelope.v > protocolVersion) {
    throw new MalformedError(
      `The job speaks version ${envelope.v} of the protocol, and this worker version ${protocolVersion}.`,
    );
  }
  for (const [field, test] of Object.entries(fields)) {
    const value = Object.hasOwn(envelope, field) ? envelope[field as keyof Envelope] : undefined;
    if (test(value)) continue;
    throw new MalformedError(`The job is none of Quintet's, or is damaged: its ${field} is wrong.`);
  }
  return envelope;
}
