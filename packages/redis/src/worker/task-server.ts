import { isTask, type Task } from "@quintet/core";
import { type Clock, systemClock } from "@quintet/core/kit";
import { FrameOutbox } from "./frame-outbox.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type ItemEnd, ItemRun, stopping } from "./item-run.ts";
import {
  checkEnvelope,
  type Envelope,
  type WireItem,
  type WorkerCard,
} from "../transport/protocol.ts";
import { MalformedError } from "../queue-errors.ts";
import type { ItemPlace } from "./item-reporter.ts";
import { JobGate } from "./job-gate.ts";
import { endOf, lossOf } from "./job-verdicts.ts";
import { LateClock } from "./late-clock.ts";
import { queueNames } from "./queue-names.ts";
import { RunningItems } from "./running-items.ts";
import { Seclusion } from "./seclusion.ts";
import { Slots } from "./slots.ts";
import { tellVerdict } from "./tell-verdict.ts";
import type { FetchedJob, JobEnd, OutgoingJob, WorkerLink } from "../transport/transport.ts";

/** A task that takes so many milliseconds does not keep those behind it in its job waiting. */
const long = 40;

/** What a server is told. */
export interface TaskServerOptions extends Pick<ItemPlace, "queue" | "on" | "maxResult"> {
  readonly card: Omit<WorkerCard, "running" | "tasks">;
  readonly tasks: ReadonlyMap<string, Task<unknown, unknown>>;
  /** How often a task may lose the whole worker, where its sender did not say. */
  readonly maxLosses: number;
  readonly onError: (error: Error) => void;
}

/** A task that goes back into the queue. */
interface Again {
  readonly item: WireItem;
  readonly delay: number;
}

/** Runs the jobs of a queue on an executor, and tells their clients. */
export class TaskServer {
  readonly #link: WorkerLink;
  readonly #options: TaskServerOptions;
  readonly #place: ItemPlace;
  readonly #clock: Clock = systemClock;
  readonly #running: RunningItems;
  readonly #seclusion: Seclusion;
  readonly #slots: Slots;
  readonly #heartbeat: Heartbeat;
  readonly #gate: JobGate;
  #stopping = false;
  #stopped: Promise<void> | undefined;
  /** Jobs done with. */
  jobs = 0;

  constructor(link: WorkerLink, options: TaskServerOptions) {
    this.#link = link;
    this.#running = new RunningItems(link);
    this.#options = options;
    const { queue, on, maxResult } = options;
    const outbox = new FrameOutbox(link);
    const keep: WorkerLink["keep"] = (job, result) => link.keep(job, result);
    const names = queueNames(link, on, maxResult);
    this.#place = { queue, on, maxResult, outbox, keep, names };
    const signs = (): Promise<unknown> =>
      Promise.all([link.beat(this.#card()), this.#running.look()]);
    this.#heartbeat = new Heartbeat(signs, options.onError);
    const { tasks, card } = options;
    this.#gate = new JobGate({ link, tasks, worker: card.name });
    this.#slots = new Slots(options.card.concurrency);
    // A child process that dies takes no neighbour with it.
    this.#seclusion = new Seclusion(on.traits.isolation !== "process");
  }

  /** How many tasks run. */
  get running(): number {
    return this.#running.size;
  }

  async start(): Promise<void> {
    this.#link.onControl((control) => this.#running.take(control));
    await this.#link.beat(this.#card());
    if (this.#stopping) return;
    await this.#link.consume(this.#options.card.concurrency, (job) => this.#handle(job));
    // Who may not fetch is never heard of again.
    if (!this.#stopping) this.#heartbeat.start();
  }

  /** Fetches nothing more; resolves when what runs has ended. */
  stop(): Promise<void> {
    this.#stopping = true;
    return (this.#stopped ??= this.#link.stop());
  }

  /** Aborts what runs; each task goes back into the queue. */
  handBack(): void {
    this.#running.abortAll(stopping);
  }

  async close(): Promise<void> {
    this.#heartbeat.stop();
    await this.#link.close();
  }

  async #handle(job: FetchedJob): Promise<JobEnd> {
    try {
      const envelope = checkEnvelope(job.data);
      return await this.#serve(job, envelope);
    } catch (error) {
      if (error instanceof MalformedError) return { type: "dead", reason: error.message };
      // Nothing could be told: somebody will run it again, when Redis takes more.
      this.#options.onError(error as Error);
      return { type: "back", delay: 1_000 };
    } finally {
      this.jobs++;
    }
  }

  async #serve(job: FetchedJob, envelope: Envelope): Promise<JobEnd> {
    const { maxLosses, card } = this.#options;
    if (this.#stopping) return { type: "back", delay: 0 };
    // Its result is there: it was sent again before that was known.
    if (envelope.keep !== undefined && (await this.#link.has(job.id))) return { type: "done" };
    const task = await this.#gate.enter(job, envelope);
    if (!isTask(task)) return tellVerdict(this.#link, this.#place, job, envelope, task);
    const isSuspect = job.losses > 0 || envelope.suspect === true;
    if (isSuspect && envelope.items.length > 1) {
      const left = (await this.#wanted(job, envelope)).map((item) => ({ item, delay: 0 }));
      return this.#split(job, envelope, left, { suspect: true });
    }
    const alone = isSuspect ? await this.#link.lossesAlone(job.id) : 0;
    const lost = lossOf(job, envelope, alone, { maxLosses, worker: card.name });
    if (lost) {
      const dead = { type: "dead", reason: lost.message } as const;
      return tellVerdict(this.#link, this.#place, job, envelope, { end: dead, error: lost });
    }
    const leave = await this.#seclusion.enter(isSuspect);
    try {
      // Noted when it really begins: those that wait for their turn here are not guilty.
      if (isSuspect) await this.#link.alone(job.id);
      return await this.#run(job, envelope, task);
    } finally {
      leave();
    }
  }

  async #run(job: FetchedJob, envelope: Envelope, task: Task<unknown, unknown>): Promise<JobEnd> {
    const items = await this.#wanted(job, envelope);
    const ends = await this.#runItems(job, envelope, task, items);
    const left = items.flatMap((item, index): Again[] => {
      const end = ends[index];
      if (end?.type === "handed-back") return [{ item, delay: 0 }];
      if (end?.type !== "again") return [];
      return [{ item: { ...item, attempt: end.attempt }, delay: end.delay }];
    });
    const [first] = left;
    if (!first) return endOf(envelope, ends);
    if (envelope.items.length === 1) {
      return { type: "back", delay: first.delay, envelope: { ...envelope, items: [first.item] } };
    }
    return this.#split(job, envelope, left, {});
  }

  /** Without what was cancelled before it started. */
  async #wanted(job: FetchedJob, { items }: Envelope): Promise<readonly WireItem[]> {
    if (items.length === 1) return items;
    const withdrawn = new Set(await this.#link.withdrawn(job.id));
    return withdrawn.size === 0 ? items : items.filter(({ n }) => !withdrawn.has(n));
  }

  /** One after the other, in one slot; where one takes long and another slot is free, the next ones go on there. */
  async #runItems(
    job: FetchedJob,
    envelope: Envelope,
    task: Task<unknown, unknown>,
    items: readonly WireItem[],
  ): Promise<ItemEnd[]> {
    const redelivered = job.deliveries > 1 || job.losses > 0 || envelope.moved === true;
    const ends: ItemEnd[] = [];
    /** What those told that have ended; many tell together. */
    const told = new Set<Promise<void>>();
    const unended: Promise<void>[] = [];
    const late = new LateClock(this.#clock, long);
    await this.#slots.take();
    for (const [index, item] of items.entries()) {
      const run = new ItemRun(task, envelope, item, job, this.#place);
      this.#running.add(run);
      if (redelivered) await this.#running.look([run]).catch(this.#options.onError);
      if (this.#stopping) run.abort(stopping);
      const end = run.run().then((ended) => {
        this.#running.delete(run);
        ends[index] = ended;
        told.add(run.told);
      });
      if (index === items.length - 1) unended.push(end);
      else if (await this.#isOvertaken(end, late)) {
        unended.push(end.finally(() => this.#slots.give()));
      }
    }
    late.stop();
    await Promise.all(unended).finally(() => this.#slots.give());
    await Promise.all(told);
    return ends;
  }

  /** Waits for a task; true when it takes long, and another slot is there for those behind it. */
  async #isOvertaken(end: Promise<unknown>, late: LateClock): Promise<boolean> {
    for (;;) {
      if (!(await late.isLate(end))) return false;
      if (this.#slots.tryTake()) return true;
    }
  }

  /** Makes a job of each of its tasks; ids that follow from its own, so that doing it twice changes nothing. */
  async #split(
    job: FetchedJob,
    envelope: Envelope,
    left: readonly Again[],
    more: Partial<Envelope>,
  ): Promise<JobEnd> {
    const jobs = left.map(({ item, delay }): OutgoingJob => {
      const id = `${job.id}~${item.n}`;
      const moved = { ...envelope, ...more, moved: true, items: [item] };
      return { id, envelope: moved, level: job.level, delay };
    });
    await this.#push(jobs);
    // Who looks for them has to know where they are.
    const told = left.map(({ item }, index) =>
      this.#place.outbox.tell(envelope.to, item.n, JSON.stringify(["j", item.n, jobs[index]?.id])),
    );
    await Promise.all(told);
    return { type: "done" };
  }

  async #push(jobs: readonly OutgoingJob[]): Promise<void> {
    if (jobs.length === 0) return;
    for (const error of await this.#link.push(jobs)) if (error) throw error;
  }

  #card(): WorkerCard {
    const { card, tasks } = this.#options;
    const versions = Object.fromEntries(
      [...tasks].flatMap(([id, { version }]) => (version === undefined ? [] : [[id, version]])),
    );
    return { ...card, tasks: [...tasks.keys()], versions, running: this.#running.size };
  }
}
