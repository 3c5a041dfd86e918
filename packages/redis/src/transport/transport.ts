import type { Traits } from "@quintet/core";
import type { OwnDesk } from "@quintet/core/kit";
import type { DependencyState } from "./dependencies.ts";
import type { Attachment } from "./kept-results.ts";
import type { QueueKeys } from "./queue-keys.ts";
import type { Repeat } from "../client/repeat.ts";
import type { Control, Envelope, Frame, WorkerCard } from "./protocol.ts";

/** Where queues are: gives both ends of one. */
export interface QueueTransport {
  readonly traits: Traits;
  /** `patience`: how long a question may wait for its answer, in milliseconds. */
  client(keys: QueueKeys, client: string, patience: number): ClientLink;
  worker(keys: QueueKeys, options: WorkerLinkOptions): WorkerLink;
}

/** How a worker's link is set up. */
export interface WorkerLinkOptions {
  readonly name: string;
  /** Milliseconds after which a job of a worker that is silent goes to another one. */
  readonly lease: number;
  /** Whether Redis may throw away jobs when it is full. */
  readonly allowEviction: boolean;
  readonly onError: (error: Error) => void;
}

/** A job on its way into the queue. */
export interface OutgoingJob {
  readonly id: string;
  readonly envelope: Envelope;
  /** From 1 to 2^21 - 1, lower ones first. */
  readonly level: number;
  /** Milliseconds before it may start. */
  readonly delay: number;
}

/** What becomes of a job whose result is waited for. */
export type JobLook = "there" | "gone" | { readonly failed: string };

/** Whom a client's link tells. */
export interface ClientListener {
  /** `length`: how many characters they took on their way; 0 where they took none. */
  frames(worker: string, frames: readonly Frame[], length: number): void;
  /** Results may have been lost: what is under way has to be looked at. */
  gap(): void;
  /** Redis lets nobody in. */
  refused(error: Error): void;
  /** A job of the same id was there already; `task` is what that one runs. */
  deduped(number: number, task: string): void;
}

/** A job that is in the queue. */
export interface FoundJob {
  readonly state: "queued" | "delayed" | "running" | "dead";
  /** Why it is dead. */
  readonly reason?: string | undefined;
  readonly envelope: Envelope;
}

/** What a client needs of the place where the queue is: the seam between the executor and Redis, or what stands for it. */
export interface ClientLink {
  listen(listener: ClientListener): void;
  /** Why it is out of reach at the moment, where that is known. */
  readonly trouble?: Error | undefined;
  /** Adds jobs, in their order; gives an error for each that was not taken. A job of a known id changes nothing. */
  push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]>;
  /** Takes a job out again; false when a worker has it. */
  remove(job: string): Promise<boolean>;
  /** Keeps a task of a job from being started; `cancel` reaches it when it was. */
  withdraw(job: string, control: Control & { type: "cancel" }): Promise<void>;
  /** Tells all workers, and keeps a cancellation for who finds the task later. */
  tell(control: Control): Promise<void>;
  /** A job was cancelled and is out of the queue: tells all who wait for it; the reason is encoded. */
  tellCancelled(job: string, envelope: Envelope, reason: unknown): Promise<void>;
  look(jobs: readonly string[]): Promise<JobLook[]>;
  workers(): Promise<WorkerCard[]>;
  /**
   * A task of a client is not waited for any more; gives how many others wait for it. Where none does, it is left only if
   * `always` is set: who has sent it still has to hear of its end.
   */
  leave(job: string, task: string, number: number, always: boolean): Promise<number>;
  /** What is known of a job's result; nobody joins who waits. */
  kept(job: string): Promise<Attachment>;
  find(job: string): Promise<FoundJob | undefined>;
  /** Sends a task again and again, or changes when; one of an id. */
  repeat(id: string, when: Repeat, envelope: Envelope, level: number): Promise<void>;
  /** False when there was nothing to stop. */
  stopRepeating(id: string): Promise<boolean>;
  /** Opens the desk of the queue's named semaphores and channels; closing the link ends it. `maxValue`: bytes of an encoded value. */
  openDesk(maxValue: number): OwnDesk;
  /** Keeps the process alive while a question is under way. */
  during<T>(question: () => Promise<T>): Promise<T>;
  /** Says whether results are waited for: only then is anything read, and does the process stay alive. */
  expect(results: boolean): void;
  close(): Promise<void>;
}

/** A job that a worker has fetched. */
export interface FetchedJob {
  readonly id: string;
  /** As it came over the wire. */
  readonly data: unknown;
  readonly level: number;
  /** How often a worker that had it was lost. */
  readonly losses: number;
  /** How often it was fetched. */
  readonly deliveries: number;
}

/** What becomes of a job when its worker is done with it. */
export type JobEnd =
  | { readonly type: "done" }
  /** To the dead letters. */
  | { readonly type: "dead"; readonly reason: string }
  /** Back into the queue, now or after so many milliseconds, perhaps with something else in it. */
  | {
      readonly type: "back";
      readonly delay: number;
      readonly envelope?: Envelope;
      /** Put aside for what it needs: that is no attempt, and what it waits for brings it back sooner. */
      readonly aside?: "dependencies" | "version";
    };

/** What a worker needs of the place where the queue is. */
export interface WorkerLink {
  /** Begins to fetch: so many jobs at a time. */
  consume(concurrency: number, handle: (job: FetchedJob) => Promise<JobEnd>): Promise<void>;
  /** Fetches nothing more; resolves when all jobs that were fetched are done with. */
  stop(): Promise<void>;
  /** Sends frames to a client; resolves when they are safe. */
  send(to: string, frames: string): Promise<void>;
  /** Keeps a result under its job, and tells it to all who wait for it. */
  keep(
    job: string,
    result: { kind: "r" | "e" | "c"; rest: string; milliseconds: number },
  ): Promise<void>;
  /** Whether the result of a job is kept. */
  has(job: string): Promise<boolean>;
  onControl(listener: (control: Control) => void): void;
  push(jobs: readonly OutgoingJob[]): Promise<(Error | undefined)[]>;
  /** The numbers of a job's tasks that must not start. */
  withdrawn(job: string): Promise<readonly number[]>;
  cancelled(tasks: readonly { to: string; n: number }[]): Promise<readonly unknown[]>;
  /** A job begins to run alone; resolves when that is noted. */
  alone(job: string): Promise<void>;
  /** Where those stand that a job waits for, in the order in which it names them. */
  dependencies(job: string, envelope: Envelope): Promise<readonly DependencyState[]>;
  /** Writes something to a job's log, for people to see. */
  note(job: string, text: string): Promise<void>;
  /** How often a job was put aside. */
  timesAside(job: string): Promise<number>;
  /** How often it has begun to, and lost its worker then. */
  lossesAlone(job: string): Promise<number>;
  /** Opens the desk of the queue's named semaphores and channels; closing the link ends it. `maxValue`: bytes of an encoded value. */
  openDesk(maxValue: number): OwnDesk;
  beat(card: WorkerCard): Promise<void>;
  /** Who serves the queue. */
  workers(): Promise<WorkerCard[]>;
  close(): Promise<void>;
}
