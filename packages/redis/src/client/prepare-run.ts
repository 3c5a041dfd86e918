import { InvalidOptionError, NotSupportedError, type Task } from "@quintet/core";
import type { Runnable, TaskRun } from "@quintet/core/kit";
import { type EncodedValue, encodeValue } from "../values/encode-value.ts";
import { jobOfId } from "../transport/kept-results.ts";
import type { Envelope } from "../transport/protocol.ts";
import { TooLargeError } from "../queue-errors.ts";
import { type QueueRunOptions, sendingTerms } from "./queue-run-options.ts";
import type { SentRun } from "./sent-run.ts";
import { activeTrace } from "../trace-context.ts";

/** How long the result of a task with an id is kept, in milliseconds. JSON has no Infinity. */
export function keepTime({ resultTtl = 900_000 }: Pick<QueueRunOptions, "resultTtl">): number {
  return Math.min(resultTtl, 2 ** 40);
}

/** *Errors*: `NOT_SUPPORTED` for a task that is made of code. */
export function checkSendable(executor: string, task: Runnable): void {
  if ((task as { origin: { kind: string } }).origin.kind !== "inline") return;
  throw new NotSupportedError(
    `${executor} sends no code: workers run the tasks they are given. Define it with defineTasks().`,
  );
}

/** What a run's sending depends on beside itself. */
export interface PrepareOptions {
  readonly client: string;
  readonly queue: string;
  /** Bytes of an encoded input. */
  readonly maxInput: number;
}

/**
 * Makes of a run what can be sent, and encodes its input. `now` is a date.
 *
 * *Errors*: `NOT_CLONEABLE`, `TOO_LARGE`, `INVALID_OPTION`.
 */
export function prepareRun(run: TaskRun, options: PrepareOptions, now: number): SentRun {
  const { json: input, size } = encodeInput(run.taskId, run.input, options);
  const { terms, delay } = sendingTerms(run.taskId, run.options, now);
  const window = run.items && { window: run.items.window };
  const { number, attempt, ownId } = run;
  // Ids of ours are made of the executor's name; whoever passes them on, as policies do, shares nothing.
  const isShared =
    ownId !== undefined && !run.items && !ownId.startsWith(`${options.queue}@${options.client}#`);
  const { resultTtl } = run.options as QueueRunOptions;
  if (resultTtl !== undefined && !isShared) {
    throw new InvalidOptionError(
      `resultTtl: the result of ${run.taskId} is kept only under an id; give it one${run.items ? ", and no stream has one" : ""}.`,
    );
  }
  const trace = activeTrace();
  const item = {
    n: number,
    input,
    ...(ownId !== undefined && { id: ownId }),
    ...(attempt !== 1 && { attempt }),
    ...(trace && { trace }),
  };
  return {
    run,
    item,
    terms: {
      ...terms,
      ...versionOf(run.task),
      to: options.client,
      ...window,
      ...(isShared && { keep: keepTime(run.options as QueueRunOptions) }),
    },
    delay,
    jobId: isShared ? jobOfId(ownId, attempt) : undefined,
    arrival: isShared ? Promise.withResolvers() : undefined,
    job: undefined,
    size,
    shares: 1,
    sent: 0,
    delivery: 0,
    stopping: undefined,
    missing: false,
    orphaned: false,
    deduped: false,
    granted: run.items ? Math.max(run.items.window - 1, 1) : 0,
    startTimer: undefined,
  };
}

/** What a job says of the version that its task needs. */
export function versionOf(task: unknown): Pick<Envelope, "version"> {
  const { version } = task as Partial<Task<never, unknown>>;
  return version === undefined ? {} : { version };
}

/** *Errors*: `NOT_CLONEABLE`, `TOO_LARGE`. */
export function encodeInput(
  task: string,
  input: unknown,
  { queue, maxInput }: PrepareOptions,
): EncodedValue {
  const encoded = encodeValue(input, "input");
  const { json, size } = encoded;
  // The estimate is never less than a sixth of the bytes, so most inputs need not be written out to be measured.
  if (size * 6 <= maxInput) return encoded;
  const bytes = Buffer.byteLength(JSON.stringify(json));
  if (bytes <= maxInput) return { json, size: bytes };
  throw new TooLargeError(
    `The input of ${task} takes ${bytes} bytes, and the queue ${queue} is sent ${maxInput} at most (maxInput). ` +
      `Send a reference to where it is instead.`,
  );
}
