import type { WireRetry } from "../transport/protocol.ts";
import type { SentRun } from "./sent-run.ts";

/** Tasks that travel in one job. */
export type Chunk = readonly [SentRun, ...SentRun[]];

/** Milliseconds of work that a job may hold; a task that takes longer travels alone. */
const budget = 40;

/** Milliseconds of work that a job may hold although the slots get only one job each. */
const small = 5;

/** Milliseconds to wait for the first measurement of a task: one that is not there by then is over the budget. */
export const probeTime = 20;

/** Tasks in one job, at most, and bytes of their inputs: a job is read and written as a whole. */
const most = 200;
const mostBytes = 256 * 1_024;

/** How many runs a map keeps under way for each task that workers run at a time, and in all, at least. */
const mapPerSlot = 32;
const leastMap = 64;

/** Bytes of inputs and results that a map keeps under way, at most, where it need not be more for each slot to have some. */
const mapBytes = 32 * 2 ** 20;

/** How much the last input counts. */
const sizeWeight = 0.1;

/** What running a task costs beside itself, in milliseconds. */
const overhead = 0.02;

/** How much the last measurement counts: one that is shorter tells more, since others may have got in the way of a longer one. */
const weightDown = 0.5;
const weightUp = 0.1;

/** The first ones are of code that was not compiled yet: the shortest of so many is the first that counts. */
const cold = 3;

/** What is known of how long a task takes. */
interface Mean {
  count: number;
  value: number;
}

/**
 * Puts small tasks together, since a job costs far more than they do: as many as make `budget` milliseconds, and fewer
 * where each slot of the workers would not get some. A task nobody has measured is tried by itself first.
 *
 * What is exponentially smoothed is the running time that workers report.
 */
export class Pace {
  readonly #means = new Map<string, Mean>();
  /** How long the task takes that was measured last, and how many bytes inputs and results take; all smoothed. */
  #latest = Infinity;
  #inputSize = 1;
  #resultSize = 1;
  readonly #capacity: () => number;
  readonly #sent: () => number;

  /** `capacity`: how many tasks the workers run at a time; `sent`: how many were sent and have not ended. */
  constructor(capacity: () => number, sent: () => number) {
    this.#capacity = capacity;
    this.#sent = sent;
  }

  /** Whether the workers have so much to do that what is sent may wait for more. */
  get isBusy(): boolean {
    return this.#sent() > 2 * Math.max(this.#capacity(), 1);
  }

  /**
   * How many runs of a map are to be under way, for the task that was measured last, and inputs and results like the last ones:
   * twice what makes the jobs of all slots worth their price, so that the workers find more when they have done with those.
   */
  get mapConcurrency(): number {
    const capacity = this.#capacity();
    const inJob = Math.min(small / (this.#latest + overhead), most);
    const wanted = Math.floor(capacity * Math.max(mapPerSlot, 2 * inJob));
    const bearable = Math.floor(mapBytes / (this.#inputSize + this.#resultSize));
    return Math.max(leastMap, 2 * capacity, Math.min(wanted, bearable));
  }

  /** Results have come that take so many bytes each. */
  received(size: number): void {
    this.#resultSize += (size - this.#resultSize) * sizeWeight;
  }

  /** A task has run for so many milliseconds; true when it is known now how long that takes. */
  measure(task: string, duration: number): boolean {
    let mean = this.#means.get(task);
    if (!mean) this.#means.set(task, (mean = { count: 1, value: duration }));
    else if (++mean.count <= cold) mean.value = Math.min(mean.value, duration);
    else {
      const change = duration - mean.value;
      mean.value += change * (change < 0 ? weightDown : weightUp);
    }
    if (mean.count >= cold) this.#latest = mean.value;
    return mean.count === cold;
  }

  /** Divides what waits into jobs, in its order; `held` has to wait for a measurement, unless that was waited for. */
  chunks(
    waiting: readonly SentRun[],
    isProbed: boolean,
  ): { readonly groups: readonly Chunk[]; readonly held: readonly SentRun[] } {
    const groups: Chunk[] = [];
    const held: SentRun[] = [];
    const capacity = Math.max(this.#capacity(), 1);
    const sent = this.#sent();
    for (const { size } of waiting) this.#inputSize += (size - this.#inputSize) * sizeWeight;
    for (const alike of kinds(waiting)) {
      // Nothing passes what is held.
      if (held.length > 0) {
        held.push(...alike);
        continue;
      }
      const [first] = alike;
      const known = this.#means.get(first.terms.task);
      const mean = known && known.count >= cold ? known.value : undefined;
      if (!isSmall(first) || (mean === undefined && (isProbed || alike.length <= capacity))) {
        groups.push(...alike.map((one): Chunk => [one]));
      } else if (mean === undefined) {
        groups.push(...alike.slice(0, capacity).map((one): Chunk => [one]));
        held.push(...alike.slice(capacity));
      } else {
        const size = chunkSize(mean + overhead, alike.length + sent, capacity);
        groups.push(...divided(alike, size));
      }
    }
    return { groups, held };
  }
}

/** How many tasks go in a job, when each takes so long, so many are under way, and so many run at a time. */
function chunkSize(mean: number, tasks: number, capacity: number): number {
  const share = tasks / capacity;
  // Each slot gets one job at least; two, where the jobs are not small anyway.
  const wanted = Math.max(Math.ceil(share / 2), Math.min(Math.ceil(share), small / mean));
  return Math.max(Math.floor(Math.min(wanted, budget / mean, most)), 1);
}

/** What may share a job: no streams, and nothing that has an id, a delay or a count of retries of its own. */
function isSmall({ run, terms, delay, jobId }: SentRun): boolean {
  return (
    terms.window === undefined &&
    terms.retries === undefined &&
    terms.startBy === undefined &&
    jobId === undefined &&
    run.ownId === undefined &&
    delay === 0
  );
}

/** Runs of tasks that stand one after the other and differ in their inputs alone. */
function kinds(waiting: readonly SentRun[]): Chunk[] {
  const found: [SentRun, ...SentRun[]][] = [];
  for (const one of waiting) {
    const last = found.at(-1);
    if (last && isAlike(last[0], one)) last.push(one);
    else found.push([one]);
  }
  return found;
}

function isAlike(one: SentRun, other: SentRun): boolean {
  const { task, timeout, deadline, expires } = one.terms;
  return (
    task === other.terms.task &&
    one.run.priority === other.run.priority &&
    timeout === other.terms.timeout &&
    deadline === other.terms.deadline &&
    expires === other.terms.expires &&
    one.terms.version === other.terms.version &&
    isSameList(one.terms.after, other.terms.after) &&
    one.terms.anyway === other.terms.anyway &&
    isSameRetry(one.terms.retry, other.terms.retry) &&
    isSmall(one) &&
    isSmall(other)
  );
}

function isSameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

function isSameRetry(one: WireRetry | undefined, other: WireRetry | undefined): boolean {
  if (!one || !other) return one === other;
  return (
    one.attempts === other.attempts &&
    one.delay === other.delay &&
    one.factor === other.factor &&
    one.most === other.most
  );
}

/** In jobs of so many tasks, or fewer where their inputs are large. */
function divided(alike: Chunk, count: number): Chunk[] {
  const [first, ...rest] = alike;
  let chunk: [SentRun, ...SentRun[]] = [first];
  let bytes = first.size;
  const chunks: Chunk[] = [chunk];
  for (const one of rest) {
    bytes += one.size;
    if (chunk.length < count && bytes <= mostBytes) chunk.push(one);
    else {
      chunks.push((chunk = [one]));
      bytes = one.size;
    }
  }
  return chunks;
}
